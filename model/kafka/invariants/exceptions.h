// model/kafka/invariants/exceptions.h
//
// The exceptions that kafka-broker-facts allows (its section 9), each decided for one record on one
// broker by a predicate of its own. Nothing mutes an invariant for a whole run.
#ifndef MODEL_KAFKA_INVARIANTS_EXCEPTIONS_H_
#define MODEL_KAFKA_INVARIANTS_EXCEPTIONS_H_

#include <cstdint>

#include "model/kafka/ledger/ledger.h"
#include "model/kafka/setup.h"

namespace kafka::invariants {

enum class Exception : uint8_t {
  kNone,
  kUncleanElection,   // UE: the leader in force was made uncleanly, or as last known leader
  kPowerLoss,         // PL: every copy was in a cache that lost its power
  kElrOff,            // ELR0: ELR is off, and the only electable member lost its data
  kForgottenJoin,     // its leader forgot that it was about to let the broker into the ISR (KB:R-2)
  kEpochBump,         // the producer sent it again under a new epoch (KB:P-31, P-41)
  kTruncationUndone,  // TU: a crash brought back what the broker had cut off (KB:S-45)
};
constexpr uint32_t kExceptionCount = 7;
const char* NameOf(Exception exception);  // "UE"

// A record that `broker` should have and has not.
struct MissingRecord {
  kafka::PartitionId partition;
  kafka::AppendedId entry;
  kafka::BrokerId broker;
  kafka::AppendedId instead;  // that it has at the record's offset; none: its log is shorter
};

bool IsUncleanElection(const kafka::ledger::Ledger& ledger, const MissingRecord& record);
bool IsPowerLoss(const kafka::ledger::Ledger& ledger, const MissingRecord& record);
bool IsElrOff(const kafka::ledger::Ledger& ledger, const kafka::Setup& setup,
              const MissingRecord& record);
// Only a file system that does not keep the order of sizes brings back what was cut off; then the
// epochs, which the broker wrote to another file, hide that the histories part.
bool IsTruncationUndone(const kafka::ledger::Ledger& ledger, const kafka::Setup& setup,
                        const MissingRecord& record);

// UE as seen from a log: a leader of a later epoch than `epoch` was made uncleanly, so what was
// written or claimed in `epoch` binds nobody any more.
bool IsReplacedUncleanly(const kafka::ledger::Ledger& ledger, kafka::PartitionId partition,
                         kafka::LeaderEpoch epoch);

// The first that applies.
Exception ExceptionFor(const kafka::ledger::Ledger& ledger, const kafka::Setup& setup,
                       const MissingRecord& record);

}  // namespace kafka::invariants

#endif  // MODEL_KAFKA_INVARIANTS_EXCEPTIONS_H_
