// model/kafka/ledger/facts.h
//
// What the ledger knows of single messages and entries, in few bytes, and the fate of a message.
//
// Invariants:  (1) what is said of a batch stands in the record of each of its messages: a batch
//              may be split, and its parts have ends of their own; (2) 16 B a message and 8 B an
//              entry.
#ifndef MODEL_KAFKA_LEDGER_FACTS_H_
#define MODEL_KAFKA_LEDGER_FACTS_H_

#include <cstdint>

#include "model/kafka/vocabulary/ids.h"
#include "model/kafka/vocabulary/requests.h"
#include "sim/hash.h"
#include "sim/ids.h"
#include "sim/time.h"

namespace kafka::ledger {

// A time in steps of 2^15 ns (33 us): 39 hours in 32 bits. Order is told by event ids, never by it.
struct CoarseTime {
  uint32_t steps = 0;

  static constexpr CoarseTime Of(sim::SimTime time) {
    return {static_cast<uint32_t>(static_cast<uint64_t>(time.ns) >> 15)};
  }
  constexpr sim::SimTime time() const { return {static_cast<int64_t>(steps) << 15}; }
  friend constexpr auto operator<=>(const CoarseTime&, const CoarseTime&) = default;
};

// When something happened. Event ids decide what came first.
struct Moment {
  sim::EventId event;
  sim::SimTime time{};

  constexpr bool exists() const { return event.exists(); }
  friend constexpr auto operator<=>(const Moment&, const Moment&) = default;
};

struct MessageFacts {
  enum Flag : uint16_t {
    kSent = 1,         // send() took it
    kRefused = 2,      // send() failed
    kHasCallback = 4,  // the program looks at the outcome
    kIdempotent = 8,
    kAcksLeader = 16,   // acks=1
    kAcksAll = 32,      // acks=all; neither: acks=0
    kTold = 64,         // the client was told "stored" (acks=0: that it was sent)
    kFailed = 128,      // the client was told of an error
    kTooLarge = 256,    // refused for its size: with kRefused by send(), else by a broker
    kAnswered = 512,    // a broker answered NONE
    kBlocked = 1024,    // send() had not returned when its process ended
    kOvertaken = 2048,  // a group processed a later one of its key first, from another partition
  };
  uint16_t flags = 0;
  uint16_t processed = 0;   // two bits a group: 0, 1, 2 or more times
  kafka::AppendedId entry;  // where a leader wrote it last
  sim::EventId told_event;  // when the client was told "stored"
  CoarseTime told_time;

  constexpr bool has(Flag flag) const { return (flags & flag) != 0; }
  // Its program has handed it to send(), whatever send() did with it.
  constexpr bool was_handed_over() const { return (flags & (kSent | kRefused | kBlocked)) != 0; }
  constexpr kafka::Acks acks() const {
    if (has(kAcksAll)) return kafka::Acks::kAll;
    return has(kAcksLeader) ? kafka::Acks::kLeader : kafka::Acks::kNone;
  }
  friend constexpr bool operator==(const MessageFacts&, const MessageFacts&) = default;
};
static_assert(sizeof(MessageFacts) == 16);

// Of an entry of a partition's table of appends.
struct EntryFacts {
  sim::EventId commit_event;  // none: never committed
  CoarseTime commit_time;

  friend constexpr bool operator==(const EntryFacts&, const EntryFacts&) = default;
};
static_assert(sizeof(EntryFacts) == 8);

inline void HashInto(sim::StableHash& hash, const CoarseTime& time) { hash(time.steps); }
inline void HashInto(sim::StableHash& hash, const Moment& moment) {
  const auto& [event, time] = moment;
  hash(event, time);
}
inline void HashInto(sim::StableHash& hash, const MessageFacts& facts) {
  const auto& [flags, processed, entry, told_event, told_time] = facts;
  hash(uint64_t{flags} << 48 | uint64_t{processed} << 32 | entry.value,
       uint64_t{told_event.value} << 32 | told_time.steps);
}
inline void HashInto(sim::StableHash& hash, const EntryFacts& facts) {
  const auto& [commit_event, commit_time] = facts;
  hash(uint64_t{commit_event.value} << 32 | commit_time.steps);
}

}  // namespace kafka::ledger

#endif  // MODEL_KAFKA_LEDGER_FACTS_H_
