// tools/analysis/survival.h
//
// What became of one message in another future, and if it did not meet its recorded end, why not:
// read from the ledger, which keeps who was elected and what each replica held then.
//
// Leaves out:  why a message that was not lost in the recorded run ended otherwise: only its fate
//              is told.
#ifndef TOOLS_ANALYSIS_SURVIVAL_H_
#define TOOLS_ANALYSIS_SURVIVAL_H_

#include <span>
#include <vector>

#include "model/kafka/run.h"
#include "tools/answers/explanation.pb.h"

namespace analysis {

using Survival = answers::Futures::Survival;

struct FutureEnd {
  kafka::ledger::Fate fate = kafka::ledger::Fate::kPending;
  bool as_recorded = false;                   // it met the recorded end
  Survival::Reason reason = Survival::OTHER;  // if not, why not
  friend bool operator==(const FutureEnd&, const FutureEnd&) = default;
};

// `world`, at its end, in which `message` is the message (none: never sent); `recorded`: its fate
// in the recorded run. A loss stays a loss whether the application was told "stored" or nothing; an
// error that the application was told of is no loss.
FutureEnd EndOf(const kafka::World& world, const kafka::RunOutcome& outcome,
                kafka::MessageId message, kafka::ledger::Fate recorded);

// Futures that end otherwise, counted by reason (by fate where none is known), most frequent first.
std::vector<Survival> CountSurvivals(std::span<const FutureEnd> ends, kafka::ledger::Fate recorded);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_SURVIVAL_H_
