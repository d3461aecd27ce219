#include "tools/render/story_unread.h"

#include "tools/render/trace.h"

namespace render {

std::vector<std::string> InvisibleSentences(const kafka::Setup& setup, kafka::PartitionId partition,
                                            const analysis::Story& story,
                                            const UnreadWords& words) {
  std::string why = "nobody leads " + NameOfPartition(setup, partition);
  if (!story.leaderless) {
    why = "the high watermark stays at " + std::to_string(story.watermark);
    if (!story.lacking.empty()) why += ", since " + BrokersText(setup, story.lacking) + " lack it";
  }
  const std::string text = words.message + " is stored but unreadable: " + why;
  const std::string after = words.faults.empty() ? "" : " after the " + words.faults;
  const std::string bug = words.bug.empty() ? "" : " (a bug: " + words.bug + ")";
  return {text + after + bug + ".", text + after + ".", text + "."};
}

std::vector<std::string> SkippedSentences(const analysis::Story& story, const UnreadWords& words) {
  const std::string to = std::to_string(story.passed_to);
  if (story.passed == analysis::Story::Passed::kReset) {
    const std::string from = story.passed_from < 0
                                 ? ", which had no committed offset, began at "
                                 : " went from " + std::to_string(story.passed_from) + " to ";
    return {words.because + story.reader + from + to + ", past " + words.message + "."};
  }
  if (story.passed == analysis::Story::Passed::kCommitted) {
    const std::string early = words.because + story.reader + " committed offset " + to +
                              " before it had processed " + words.message;
    if (words.faults.empty()) return {early + "."};
    return {early + ", and the " + words.faults + " came in between.",
            early + " (" + words.faults + ")."};
  }
  return {"A group went past " + words.message + " without processing it."};
}

std::vector<std::string> PendingSentences(const analysis::Story& story, const UnreadWords& words) {
  if (story.reader_end) {
    return {"A group never processed " + words.message + ": " + story.reader + " had ended, with " +
            ConsumerEndText(*story.reader_end) + "."};
  }
  if (story.awaited) {
    return {"The run ended before the group had come to " + words.message + "."};
  }
  return {"The run ended before the fate of " + words.message + " was settled."};
}

}  // namespace render
