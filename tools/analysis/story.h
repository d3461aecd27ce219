// tools/analysis/story.h
//
// What happened to one message, told from notes: subject, chain, why-nots, and the causes that the
// chain and the promise's leaf suggest (not yet confirmed).
#ifndef TOOLS_ANALYSIS_STORY_H_
#define TOOLS_ANALYSIS_STORY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/analysis/case.h"
#include "tools/answers/explanation.pb.h"

namespace analysis {

// A place in the run from which other futures are drawn: after that event. Of several points at
// one event the last is after the faults that it set off, the others are without them: an
// acknowledgement that provoked a kill is "after ack", alive, and "after crash".
struct DecisivePoint {
  std::string name;  // "after append"
  uint64_t event = 0;
  sim::SimTime time{};
  friend bool operator==(const DecisivePoint&, const DecisivePoint&) = default;
};

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

  // For sentences alone.
  kafka::Error error{};          // that the application got
  std::vector<int64_t> offsets;  // of the message, where leaders appended it
  kafka::MessageId overtaken_by;
  bool idempotent = false;
  bool renumbered = false;                       // the producer took a new epoch with it in hand
  bool told = false;                             // "stored"
  std::optional<kafka::ConsumerEnd> reader_end;  // why the program that was to read it ended
  std::string reader;
  bool awaited = false;  // stored, and a group has still to come to it
  // INVISIBLE: nobody leads; or the high watermark, and who of the replicas lacks it.
  bool leaderless = false;
  int64_t watermark = 0;
  kafka::BrokerSet lacking;
  // How a group went past it: by an offset that it committed, or by a reset of its position.
  enum class Passed : uint8_t { kNot, kCommitted, kReset };
  Passed passed{};
  int64_t passed_from = -1;  // kReset: the position before; -1: there was none
  int64_t passed_to = 0;
  std::vector<std::string> sequel;  // sentences behind the first
};

// Replays the case (its outcome is known) and fills the subject, chain, why, brokers, mechanism,
// production_signs of `out`.
Story TellStory(const Case& base, kafka::MessageId message, kafka::Runner& runner,
                answers::Explanation& out);

// The first sentence and those behind it, from the story and the causes that `out` holds by now.
void WriteSentences(const Case& base, const Story& story, const kafka::World& world,
                    answers::Explanation& out);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_STORY_H_
