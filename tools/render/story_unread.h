// tools/render/story_unread.h
//
// First sentences about messages that are stored, and that somebody did not get to see.
#ifndef TOOLS_RENDER_STORY_UNREAD_H_
#define TOOLS_RENDER_STORY_UNREAD_H_

#include <string>
#include <vector>

#include "model/kafka/setup.h"
#include "tools/analysis/story.h"

namespace render {

// What such a sentence is composed of, besides the story.
struct UnreadWords {
  std::string message;
  std::string because;  // "Because auto.offset.reset=latest, ", or nothing
  std::string faults;   // "kill of consumer/billing", or nothing
  std::string bug;      // what the planted bug does, or nothing
};

// Wordings, the fullest first.
std::vector<std::string> InvisibleSentences(const kafka::Setup& setup, kafka::PartitionId partition,
                                            const analysis::Story& story, const UnreadWords& words);
std::vector<std::string> SkippedSentences(const analysis::Story& story, const UnreadWords& words);
std::vector<std::string> PendingSentences(const analysis::Story& story, const UnreadWords& words);

}  // namespace render

#endif  // TOOLS_RENDER_STORY_UNREAD_H_
