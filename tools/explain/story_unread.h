// tools/explain/story_unread.h
//
// First sentences about messages that are stored, and that somebody did not get to see.
#ifndef TOOLS_EXPLAIN_STORY_UNREAD_H_
#define TOOLS_EXPLAIN_STORY_UNREAD_H_

#include <string>
#include <vector>

#include "model/kafka/setup.h"
#include "tools/explain/story.h"

namespace fate {

// What such a sentence is composed of, besides the story.
struct UnreadWords {
  std::string message;
  std::string because;  // "Because auto.offset.reset=latest, ", or nothing
  std::string faults;   // "kill of consumer/billing", or nothing
  std::string bug;      // what the planted bug does, or nothing
};

// Wordings, the fullest first.
std::vector<std::string> InvisibleSentences(const kafka::Setup& setup, kafka::PartitionId partition,
                                            const Story& story, const UnreadWords& words);
std::vector<std::string> SkippedSentences(const Story& story, const UnreadWords& words);
std::vector<std::string> PendingSentences(const Story& story, const UnreadWords& words);

}  // namespace fate

#endif  // TOOLS_EXPLAIN_STORY_UNREAD_H_
