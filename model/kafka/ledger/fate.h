// model/kafka/ledger/fate.h
//
// The fate of a message: the first match in a published order over facts, so that each message has
// exactly one.
#ifndef MODEL_KAFKA_LEDGER_FATE_H_
#define MODEL_KAFKA_LEDGER_FATE_H_

#include <array>
#include <cstdint>
#include <span>

namespace kafka::ledger {

enum class Fate : uint8_t {
  kOk,
  kLostAfterAck,
  kLostSilent,
  kFailedReported,
  kGhost,
  kDuplicate,
  kReordered,
  kSkipped,
  kExpired,  // not reachable yet: nothing is retained by time or size
  kInvisible,
  kLate,  // not reachable yet: no scenario states a deadline
  kPending,
};
constexpr uint32_t kFateCount = 12;

// Acknowledged and gone, or gone with nobody told.
constexpr bool IsLoss(Fate fate) {
  return fate == Fate::kLostAfterAck || fate == Fate::kLostSilent;
}

// "LOST_AFTER_ACK".
const char* NameOf(Fate fate);

// What is known of one message at the end of a run.
struct FinalFacts {
  // What its program has learnt. No callback: nothing.
  enum class Told : uint8_t { kNothing, kSent, kStored, kError };
  // In the leader's log; without a leader: in anybody's.
  enum class Stored : uint8_t { kNowhere, kOnce, kTwice };

  Told told = Told::kNothing;
  bool resolved = true;  // the client is done with it, or is gone
  Stored stored = Stored::kNowhere;
  bool readable = false;         // there is a leader, and it is below its high watermark
  bool expired = false;          // removed by retention
  bool after_later_key = false;  // stands behind a later message of its producer and key
  bool processed_twice = false;  // by some group
  bool skipped = false;          // some group went past it
  bool awaited = false;          // some group has still to come to it
  bool late = false;             // beyond the deadline

  friend bool operator==(const FinalFacts&, const FinalFacts&) = default;
};

// One line of the order.
struct FateRule {
  Fate fate;
  bool (*applies)(const FinalFacts&);
  const char* why;  // in words
};
// The first that applies counts; the last always does.
std::span<const FateRule> FateOrder();

Fate FateOf(const FinalFacts& facts);

using FateCounts = std::array<uint64_t, kFateCount>;

}  // namespace kafka::ledger

#endif  // MODEL_KAFKA_LEDGER_FATE_H_
