// model/kafka/notes/kind.h
//
// What a kind of note says about itself, besides its fields: who speaks, and what it is about.
//
// Its subject is the field that lies in kInSubject: a partition, a broker, a producer.
#ifndef MODEL_KAFKA_NOTES_KIND_H_
#define MODEL_KAFKA_NOTES_KIND_H_

#include <cstdint>

#include "model/kafka/vocabulary/ids.h"
#include "sim/notes/note_list.h"

namespace kafka {

// Which exception of poll() ended a consumer: auto.offset.reset=none, and ...
enum class ConsumerEnd : uint32_t {
  kNoCommittedOffset,  // NoOffsetForPartitionException (KC:C-14)
  kOutOfRange,         // OffsetOutOfRangeException (KC:C-21)
  kLogTruncated,       // LogTruncationException (KC:C-19)
};

// How a leader came to be.
enum class Election : uint32_t {
  kNone = 0,  // the leader field was not written: same leader, same epoch
  kCreated,   // the topic's creation
  kFromIsr,
  kFromElr,
  kLastKnownLeader,  // KB:E-14: flagged unclean
  kUnclean,          // by setting (KB:E-5)
  kLeaderless,       // the leader field says: none
  kUncleanByHand,    // an operator asked for it (KB:E-32)
};
// A leader that may lack what is committed, since somebody wished it.
constexpr bool IsWishedUnclean(Election how) {
  return how == Election::kUnclean || how == Election::kUncleanByHand;
}

// What came of an election that an operator asked for.
enum class AskedElection : uint32_t { kElected, kNotNeeded, kNobodyEligible };

enum class FenceReason : uint64_t { kSessionExpired = 1, kOwnWish = 2, kReplaced = 3 };

namespace notes {

using sim::kInA;
using sim::kInB;
using sim::kInC;
using sim::kInSubject;
using sim::NoteField;
using sim::NoteFields;

enum class Speaker : uint8_t { kEngine, kProducer, kBroker, kController, kConsumer, kOffsetStore };

struct Kind {
  uint16_t number = 0;
  const char* name = nullptr;
  Speaker speaker{};
  const char* fault_point = nullptr;  // its name in scenarios; null: no fault can wait for it
};

// A kind that is about another broker than its speaker names it in a `kActor`.

// What a kind is about, for its `kAbout`; a kind without one is about no message. A note about
// several messages is about its last entry.
template <typename N>
struct AboutMessage {
  MessageId N::*message;
  constexpr explicit AboutMessage(MessageId N::*of) : message(of) {}
};
template <typename N>
struct AboutBatch {
  BatchId N::*batch;
  constexpr explicit AboutBatch(BatchId N::*of) : batch(of) {}
};
template <typename N>
struct AboutEntries {
  AppendedId N::*first;
  uint32_t N::*count;
  constexpr AboutEntries(AppendedId N::*from, uint32_t N::*of) : first(from), count(of) {}
};
// The last entry below an offset in the speaker's log; consumers read from the leader's.
template <typename N>
struct AboutEnd {
  Offset N::*end;
  constexpr explicit AboutEnd(Offset N::*of) : end(of) {}
};

}  // namespace notes
}  // namespace kafka

#endif  // MODEL_KAFKA_NOTES_KIND_H_
