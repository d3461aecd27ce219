// tools/analysis/story.h
//
// What happened to one message, told from notes: subject, chain, why-nots, and what its sentences
// are made of. Causes are only suggested here, by the chain and the promise's leaf.
#ifndef TOOLS_ANALYSIS_STORY_H_
#define TOOLS_ANALYSIS_STORY_H_

#include <cstdint>
#include <vector>

#include "tools/analysis/case.h"
#include "tools/answers/explanation.pb.h"

namespace analysis {

// A place in the run from which other futures are drawn: after that event. Of several points at
// one event the last is after the faults that it set off, the others are without them: an
// acknowledgement that provoked a kill is "after ack", alive, and "after crash".
struct DecisivePoint {
  std::vector<answers::Futures::Anchor> after;
  uint64_t event = 0;
  sim::SimTime time{};
};

// What the search for causes, futures and what-ifs has to know of the message.
struct Story {
  kafka::MessageId message;
  Identity identity;
  kafka::ledger::Property property{};  // the one that it broke, else NO_ACKED_LOSS
  kafka::ledger::Fate fate{};
  bool has_finding = false;
  kafka::ledger::Finding finding;
  std::vector<uint16_t> faults_in_chain;  // numbers in the plan, the decisive one first
  std::vector<DecisivePoint> decisive;    // in order of time, at most six
  sim::SimTime last_answer{};             // the last acknowledgement of the recorded run
  bool awaited = false;                   // stored, and a group has still to come to it
};

// Replays the case (its outcome is known) and fills subject, chain, why, brokers, mechanism, story
// and signs of `out`.
Story TellStory(const Case& base, kafka::MessageId message, kafka::Runner& runner,
                answers::Explanation& out);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_STORY_H_
