// model/kafka/notes.h
//
// What Kafka's parts say. Trace, protocol points, ledger, promise, invariants and explanation read
// these and nothing else, so each carries what its readers need to judge it.
//
// Packing: `Pair(high, low)` puts two 32-bit numbers into one field.
#ifndef MODEL_KAFKA_NOTES_H_
#define MODEL_KAFKA_NOTES_H_

#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>

#include "model/kafka/notes/consumers.h"
#include "model/kafka/notes/controller.h"
#include "model/kafka/notes/logs.h"
#include "model/kafka/notes/producers.h"
#include "model/kafka/notes/replication.h"
#include "model/kafka/vocabulary/errors.h"
#include "model/kafka/vocabulary/ids.h"
#include "model/kafka/vocabulary/requests.h"
#include "sim/notes/engine_notes.h"
#include "sim/notes/note.h"

namespace kafka {

constexpr uint64_t Pair(uint32_t high, uint32_t low) { return uint64_t{high} << 32 | low; }
constexpr uint32_t High(uint64_t pair) { return static_cast<uint32_t>(pair >> 32); }
constexpr uint32_t Low(uint64_t pair) { return static_cast<uint32_t>(pair); }

// `subject` is the partition, unless the line says otherwise. Machines: who says it.
enum NoteKind : uint16_t {
  // ---- Producers ----
  kSent = sim::kFirstSystemNote,  // send() took it. a: MessageId. b: bits 0-7 acks (0, 1, 255 =
                                  // all), bit 8: the application has a callback, bit 9: idempotent
  kSendRefused,                   // send() failed before the accumulator. a: MessageId. b: Error
  kBatchClosed,  // drained: a: BatchId (its messages are known from now on). b: broker it goes to.
                 // c: attempt (0: the first time). Said at every drain, so each attempt shows.
  kProduceSent,  // handed to the socket. a: BatchId. b: broker. c: attempt. acks=0: this is success
  kAckedToApplication,  // the callback (or the future) says success. a: BatchId. b: base offset, -1
                        // unknown. c: acks as in kSent
  kFailedToApplication,  // a: BatchId. b: Error. c: 1 if the bytes may be on their way or in a log
  kRetried,              // re-enqueued. a: BatchId. b: Error. c: attempt that failed
  kRenumbered,           // epoch bump: a: old BatchId, b: new BatchId (same messages)
  kProducerIdle,         // subject: ProducerIndex. Program done, nothing queued or in flight

  // ---- Logs, on brokers ----
  kAppended,   // a: Pair(first AppendedId, count). b: base offset. c: Pair(leader epoch of the
               // append, 1 if as leader)
  kDuplicate,  // known batch, nothing written (KB:P-21). a: BatchId. b: original base offset
  kProduceRejected,  // a: BatchId. b: Error. c: leader epoch of this broker's view
  kAcknowledged,  // the answer NONE is written to the socket. a: BatchId. b: base offset. c: acks
  kTruncated,     // a: new log end. b: old log end. c: leader epoch followed
  kLoaded,     // log opened at process start, after an orderly stop: no scan (KB:S-44). a: log end.
               // c: high watermark
  kRecovered,  // log scanned at process start, after an unclean stop (KB:S-42). a: log end. b:
               // bytes
               // that were read. c: high watermark
  kFlushedTo,  // fsync done: everything below a is on this broker's medium
  kHighWatermark,          // of a leader. a: new. b: old. c: Pair(isr (committed), leader epoch)
  kFollowerHighWatermark,  // a: new. b: old. c: Pair(broker index of the leader, leader epoch)
  kFetchAnswered,    // leader to follower, data written to the socket. a: follower's broker index.
                     // b: from offset. c: to offset (exclusive)
  kFollowerFetched,  // a follower's fetch was admitted (KB:R-15). a: broker index. b: its log end.
                     // c: epoch
  kServed,           // leader to consumer. a: ConsumerIndex. b: from. c: to (exclusive)
  kBecameLeader,     // a: leader epoch. b: log end. c: high watermark
  kBecameFollower,   // a: leader epoch. b: Pair(leader's broker index or 0xff, 0). c: log end
  kIsrProposed,  // AlterPartition goes out. a: proposed set. b: Pair(leader epoch, partition epoch)
  kIsrCommitted,   // the leader learnt it. a: set. b: Pair(leader epoch, partition epoch)
  kEpochAssigned,  // epoch cache. a: epoch. b: start offset

  // ---- Controller ----
  kRegistered,  // subject: broker. a: broker epoch. b: 1 clean, 0 unclean. c: incarnation
  kFenced,      // subject: broker. a: broker epoch. b: 1 session expired, 2 its wish, 3 replaced
  kUnfenced,    // subject: broker. a: broker epoch
  kControlledShutdown,  // subject: broker. a: broker epoch
  kPartitionState,      // every partition record. a: Pair(leader's broker index or 0xff, Election).
                        // b: Pair(leader epoch, partition epoch). c: isr | elr << 16 |
                        // last known leader (0xff: none) << 32 | effective min ISR << 48

  // ---- Consumers ----
  kPolled,         // handed to the application. a: ConsumerIndex. b: from. c: to (exclusive)
  kProcessed,      // the application is done with them. a, b, c: as kPolled
  kCommitted,      // the store has it. a: GroupId. b: offset
  kPositionReset,  // a: ConsumerIndex. b: new position. c: old position
  kConsumerCaughtUp,

  // ---- Leaders ----
  kProposalForgotten,  // metadata of an equal partition epoch put the committed ISR in the place of
                       // a pending one, whose request is still under way (KB:R-2). a: proposed set.
                       // b: Pair(leader epoch, partition epoch). c: committed set

  // ---- Consumers again ----
  kConsumerEnded,  // poll() threw, and the program ended: of this partition. a: ConsumerIndex. b:
                   // ConsumerEnd. c: its position, -1: none

  kNoteKindEnd
};

constexpr sim::Note MakeNote(NoteKind kind, sim::MachineId machine, uint32_t subject, uint64_t a,
                             uint64_t b = 0, uint64_t c = 0) {
  return {.kind = kind, .machine = machine, .subject = subject, .a = a, .b = b, .c = c};
}

// What brokers say: all of it is about a partition, and about the speaker's log of it.
using BrokerNotes = sim::JoinedNotes<notes::LogNotes, notes::ReplicationNotes>;
using Notes = sim::JoinedNotes<notes::ProducerNotes, BrokerNotes, notes::ControllerNotes,
                               notes::ConsumerNotes>;
// With those of the engine.
using AllNotes = sim::JoinedNotes<sim::EngineNotes, Notes>;

static_assert(Notes::kEnd == kNoteKindEnd);

namespace notes {

template <typename N>
concept HasPartition = requires(N note) {
  { note.partition } -> std::same_as<PartitionId&>;
};

}  // namespace notes

constexpr notes::Speaker SpeakerOf(uint16_t kind) {
  constexpr auto speakers = Notes::TableOf<notes::Speaker>(
      notes::Speaker::kEngine, []<typename N>() { return N::kNote.speaker; });
  return kind < speakers.size() ? speakers[kind] : notes::Speaker::kEngine;
}

// The subject of the kind is a partition.
constexpr bool IsAboutPartition(uint16_t kind) {
  constexpr auto about =
      Notes::TableOf<bool>(false, []<typename N>() { return notes::HasPartition<N>; });
  return kind < about.size() && about[kind];
}
// Requires: IsAboutPartition.
constexpr PartitionId PartitionOf(const sim::Note& note) {
  return {static_cast<uint16_t>(note.subject)};
}

// The kind that scenarios call so, as a point for a fault to strike at.
std::optional<uint16_t> KindOfFaultPoint(std::string_view name);

// "appended", "high_watermark": the name in traces and scenario files.
const char* NameOf(NoteKind kind);

}  // namespace kafka

#endif  // MODEL_KAFKA_NOTES_H_
