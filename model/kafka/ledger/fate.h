// model/kafka/ledger/fate.h
//
// The fate of a message: the first match in a published order over facts, so that each message has
// exactly one.
#ifndef MODEL_KAFKA_LEDGER_FATE_H_
#define MODEL_KAFKA_LEDGER_FATE_H_

#include <array>
#include <cstdint>
#include <span>

#include "model/verdict/words.h"

namespace kafka::ledger {

using verdict::Fate;
using verdict::IsLoss;
using verdict::kFateCount;
using verdict::NameOf;

// What is known of one message at the end of a run.
struct FinalFacts {
  // What its program has learnt. No callback: nothing.
  enum class Reported : uint8_t { kNothing, kSent, kStored, kError };
  // In the leader's log; without a leader: in anybody's.
  enum class Stored : uint8_t { kNowhere, kOnce, kTwice };

  Reported told = Reported::kNothing;
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
