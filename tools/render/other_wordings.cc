// First sentences about messages that were not lost.
#include "tools/render/lists.h"
#include "tools/render/sentence_parts.h"
#include "tools/render/words.h"

namespace render {
namespace {

using answers::StoryFacts;
using Wordings = std::vector<std::string>;

std::string OffsetsText(const StoryFacts& story) {
  std::vector<std::string> all;
  for (const int64_t offset : story.offsets()) all.push_back(std::to_string(offset));
  return Joined(all);
}

std::string FirstOffset(const StoryFacts& story) {
  return std::to_string(story.offsets().empty() ? -1 : story.offsets(0));
}

Wordings ReorderedWordings(const SentenceParts& parts, const std::string& faults) {
  const std::string& overtaken_by = parts.story().overtaken_by();
  const std::string other = overtaken_by.empty() ? "a later message" : overtaken_by;
  const std::string why = parts.named.settings.empty()
                              ? "several requests in flight without idempotence"
                              : parts.settings();
  return {other + " overtook " + parts.message() + ", whose first attempt failed (" + faults +
          "): " + why + "."};
}

Wordings FailedWordings(const SentenceParts& parts, const std::string& faults) {
  const std::string text =
      parts.message() + " is in no log, and its application knows: " + parts.story().error();
  return {text + " after the " + faults + ".", text + "."};
}

Wordings GhostWordings(const SentenceParts& parts, const std::string& faults) {
  const std::string text = "The application got " + parts.story().error() + ", but " +
                           parts.message() + " stands at offset " + FirstOffset(parts.story());
  return {text + ": the " + faults + " cost the answer alone.", text + "."};
}

// ---- Stored, and somebody did not get to see it. Faults are named only if there are any. ----

Wordings InvisibleWordings(const SentenceParts& parts, const std::string& faults) {
  const StoryFacts& story = parts.story();
  std::string why = "nobody leads " + parts.explanation.subject().partition();
  if (!story.leaderless()) {
    why = "the high watermark stays at " + std::to_string(story.high_watermark());
    if (!story.lacking().empty()) {
      why += ", since " + Joined({story.lacking().begin(), story.lacking().end()}) + " lack it";
    }
  }
  const std::string text = parts.message() + " is stored but unreadable: " + why;
  const std::string after = parts.named.faults.empty() ? "" : " after the " + faults;
  const std::string bug = parts.named.bug.empty() ? "" : " (a bug: " + parts.named.bug + ")";
  return {text + after + bug + ".", text + after + ".", text + "."};
}

Wordings SkippedWordings(const SentenceParts& parts, const std::string& faults) {
  const StoryFacts& story = parts.story();
  if (!story.has_passed()) {
    return {"A group went past " + parts.message() + " without processing it."};
  }
  const std::string to = std::to_string(story.passed().to());
  const std::string reader = parts.because() + story.reader();
  if (story.passed().by_reset()) {
    const int64_t from = story.passed().from();
    const std::string moved = from < 0 ? ", which had no committed offset, began at "
                                       : " went from " + std::to_string(from) + " to ";
    return {reader + moved + to + ", past " + parts.message() + "."};
  }
  const std::string early =
      reader + " committed offset " + to + " before it had processed " + parts.message();
  if (parts.named.faults.empty()) return {early + "."};
  return {early + ", and the " + faults + " came in between.", early + " (" + faults + ")."};
}

Wordings PendingWordings(const SentenceParts& parts) {
  const StoryFacts& story = parts.story();
  if (story.reader_end() != answers::READER_END_UNSPECIFIED) {
    return {"A group never processed " + parts.message() + ": " + story.reader() +
            " had ended, with " + ReaderEndText(story.reader_end()) + "."};
  }
  if (story.awaited()) {
    return {"The run ended before the group had come to " + parts.message() + "."};
  }
  return {"The run ended before the fate of " + parts.message() + " was settled."};
}

}  // namespace

Wordings DuplicateWordings(const SentenceParts& parts, const std::string& faults) {
  const StoryFacts& story = parts.story();
  if (story.offsets_size() < 2) {
    return {parts.message() +
            " was processed twice: its offset had not been committed before the " + faults + "."};
  }
  std::string why = "enable.idempotence=false hides that it is the same";
  if (story.idempotent()) {
    why = story.new_epoch() ? "after the producer's epoch bump"
                            : "the leader did not know it any more";
  }
  if (!parts.named.bug.empty()) why = parts.named.bug;
  if (!parts.named.settings.empty()) {
    why = parts.settings() + " keeps brokers from recognising a retry";
  }
  const std::string at = " at offsets " + OffsetsText(story);
  return {"The first answer was lost (" + faults + ") and the retry was appended too" + at + ": " +
              why + ".",
          "A retry was appended too" + at + " (" + faults + "): " + why + "."};
}

Wordings OtherWordings(const SentenceParts& parts, const std::string& faults) {
  switch (parts.explanation.subject().fate()) {
    case answers::REORDERED:
      return ReorderedWordings(parts, faults);
    case answers::FAILED_REPORTED:
      return FailedWordings(parts, faults);
    case answers::GHOST:
      return GhostWordings(parts, faults);
    case answers::INVISIBLE:
      return InvisibleWordings(parts, faults);
    case answers::SKIPPED:
      return SkippedWordings(parts, faults);
    case answers::PENDING:
      return PendingWordings(parts);
    default:
      return {parts.message() + " was appended once, at offset " + FirstOffset(parts.story()) +
              ", copied, acknowledged, and is there at the end."};
  }
}

}  // namespace render
