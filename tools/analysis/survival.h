// tools/analysis/survival.h
//
// What became of one message in another future, and if it did not meet its recorded end, why not:
// read from the ledger, which keeps who was elected and what each replica held then.
//
// Leaves out:  why a message that was not lost in the recorded run ended otherwise: only its fate
//              is told.
#ifndef TOOLS_ANALYSIS_SURVIVAL_H_
#define TOOLS_ANALYSIS_SURVIVAL_H_

#include <cstdint>

#include "model/kafka/run.h"
#include "tools/analysis/case.h"

namespace analysis {

enum class Survival : uint8_t {
  kNone,           // it met the recorded end
  kNotSent,        // the program never came to send it
  kReported,       // not stored, and the application was told so
  kSentAgain,      // what was sent again is what is stored
  kNextHadIt,      // another broker took over, and held it then
  kBackInTime,     // its leader stopped, and was back before anybody else took over
  kNeverReplaced,  // its leader stayed up and the leader
  kOther,
};
constexpr uint32_t kSurvivalCount = 8;
// "the next leader had a copy by then": after "mostly because".
const char* ReasonOf(Survival survival);

struct FutureEnd {
  kafka::ledger::Fate fate = kafka::ledger::Fate::kPending;
  Survival survival = Survival::kOther;
  friend bool operator==(const FutureEnd&, const FutureEnd&) = default;
};

// `world`, at its end, in which `message` is the message (none: never sent); `recorded`: its fate
// in the recorded run. A loss stays a loss whether the application was told "stored" or nothing; an
// error that the application was told of is no loss.
FutureEnd EndOf(const kafka::World& world, const kafka::RunOutcome& outcome,
                kafka::MessageId message, kafka::ledger::Fate recorded);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_SURVIVAL_H_
