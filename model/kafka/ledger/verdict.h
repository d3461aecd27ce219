// model/kafka/ledger/verdict.h
//
// The verdict on a run: properties, losses with their class, and what happened, as facts from which
// sentences are composed.
#ifndef MODEL_KAFKA_LEDGER_VERDICT_H_
#define MODEL_KAFKA_LEDGER_VERDICT_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "model/kafka/ledger/facts.h"
#include "model/kafka/ledger/fate.h"
#include "model/kafka/ledger/final_read.h"
#include "model/kafka/ledger/history.h"
#include "model/kafka/setup.h"
#include "model/kafka/vocabulary/ids.h"

namespace kafka::ledger {

using verdict::kPropertyCount;
using verdict::LossClass;
using verdict::Property;
using verdict::Status;

// The rule of docs/promise.md that decided. Its rule 1 (retention) cannot be reached yet: nothing
// removes data by age.
enum class Leaf : uint8_t {
  kNone,
  kBeforeCommit,     // 2
  kUnclean,          // 3a
  kUnsynced,         // 3b
  kLastKnownLeader,  // 3c
  kAnythingElse,     // 3e
  kNothingPromised,  // no acknowledgement was ever given: a silent loss
  kMediumLost,       // 3d
};
const char* NameOf(Leaf leaf);  // "2", "3a"

// What happened, in one word.
enum class Mechanism : uint8_t {
  kNone,
  kLeaderDiedBeforeCopy,       // killed, with the only copy that counts
  kLeaderLostPowerBeforeCopy,  // power or panic
  kLeaderStoppedBeforeCopy,    // an orderly stop
  kLeaderReplacedAlive,        // cut off or paused: it answered after, or just before, its end
  kNeverReachedLog,            // acks=0: no leader wrote it
  kUncleanElection,
  kLastKnownLeader,
  kAllCopiesUnsynced,    // every copy was in a cache that lost its power
  kSoleMemberLostCache,  // the only electable replica came back with less
  kMemberLostCache,      // ... one of several: others had it
  kTruncatedIntactCopy,  // a copy that was whole was cut
  kElectedWithoutCopy,   // a leader that never had it
  kForgottenJoin,     // ... admitted to the ISR by a proposal that was forgotten: Kafka's own race
  kAckedUnwritten,    // acknowledged, and in no log at all
  kProducerDied,      // the client's process ended before it was sent
  kErrorNotLookedAt,  // it failed, and the program has no callback
  kDiskLost,          // the disk with the copy that counted was replaced by an empty one
  kUncleanElectionByHand,  // ... that an operator asked for
};
const char* NameOf(Mechanism mechanism);

enum class Cure : uint8_t {
  kNone,
  kAcksAll,  // with min.insync.replicas=2 where there are two replicas
  kUncleanOff,
  kFlushEachMessage,
  kElrOn,
  kCallback,    // look at the outcome of send(): not a setting
  kSizeLimits,  // max.message.bytes, and max.request.size where it is the smaller one
};
const char* NameOf(Cure cure);

// A replica that lost a copy with its cache, and when.
struct CacheLoss {
  kafka::BrokerId broker;
  Moment at;

  friend constexpr bool operator==(const CacheLoss&, const CacheLoss&) = default;
};

// Messages that were lost together, in one way.
struct Finding {
  Property property{};
  LossClass loss_class = LossClass::kNone;
  Leaf leaf = Leaf::kNone;
  Mechanism mechanism = Mechanism::kNone;
  Cure cure = Cure::kNone;
  kafka::Mutant explained_by = kafka::Mutant::kNone;  // with PROMISE_BROKEN; none: unknown
  // With kNeverReachedLog and kErrorNotLookedAt: too large for a broker (kMessageTooLarge) or for
  // send() (kRecordTooLarge), else kNone.
  kafka::Error refusal = kafka::Error::kNone;
  std::vector<kafka::MessageId> messages;
  kafka::PartitionId partition;
  kafka::BrokerId author;                // the leader that wrote the first of them
  kafka::BrokerId loser;                 // the leader without them
  kafka::BrokerSet unused;               // replicas that had them intact then, and were not elected
  std::vector<CacheLoss> lost_unsynced;  // each replica and moment once
  kafka::BrokerSet truncated;            // replicas that cut them off
  kafka::Acks acks{};
  // Moments; those that do not apply do not exist. A time of `told` and `committed` is exact to 33
  // us.
  Moment told;       // the application, of the first of them
  Moment committed;  // the first of them
  Moment incident;   // what stopped the author
  Incident::Kind incident_kind{};
  Moment elected;  // the controller's record that made the loser leader
  kafka::Election how{};
  Moment lost;                // the moment of loss
  Moment led_without;         // from which on `successor` led without them
  kafka::BrokerId successor;  // none: nobody has led since the last copy went

  void Add(const CacheLoss& loss) {
    const auto end = lost_unsynced.end();
    if (std::find(lost_unsynced.begin(), end, loss) == end) lost_unsynced.push_back(loss);
  }
};

// Messages that stand twice in a log, and why the second one was not known again.
struct Doubling {
  enum class Why : uint8_t {
    kNotIdempotent,  // no number to know it by
    kRenumbered,     // sent again under another number
    kForgotten,      // sent again under the same number, and the leader knew nothing of the first
  };
  Why why{};
  kafka::PartitionId partition;
  std::vector<kafka::MessageId> messages;
  Renumbering renumbering;  // with kRenumbered: the first that concerns them
  // With kRenumbered: what stopped the leader that refused them after it had written them. None: it
  // had run all the time.
  Moment incident;
  Incident::Kind incident_kind{};
};

// Why a property is inconclusive.
enum class Open : uint8_t {
  kNone,         // it is not
  kUnavailable,  // a partition has no leader at the end
  kInFlight,     // the run ended while messages were in flight
  kNothingAcknowledged,
  kNothingSent,
  kNothingInLog,
  kNothingCopied,
};

struct PropertyResult {
  Property property{};
  Status status = Status::kInconclusive;
  LossClass worst = LossClass::kNone;
  uint64_t judged = 0;                  // messages that it speaks of; 0: nothing to judge
  uint64_t broken = 0;                  // messages that break it
  std::vector<kafka::MessageId> first;  // a few of them
  Open open = Open::kNone;
};

struct Verdict {
  std::array<PropertyResult, kPropertyCount> properties;
  std::vector<Finding> findings;  // losses
  std::vector<Doubling> doublings;
  FateCounts fates{};
  uint64_t sent = 0;
  FinalRead read;            // fate and facts of each message
  bool unexplained = false;  // an internal error: some loss has no class

  const PropertyResult& of(Property property) const {
    return properties[static_cast<uint32_t>(property)];
  }
};

}  // namespace kafka::ledger

#endif  // MODEL_KAFKA_LEDGER_VERDICT_H_
