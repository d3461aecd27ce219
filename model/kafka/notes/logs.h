// model/kafka/notes/logs.h
//
// What brokers say of their logs: appends and answers, and what opens, cuts and flushes a log.
#ifndef MODEL_KAFKA_NOTES_LOGS_H_
#define MODEL_KAFKA_NOTES_LOGS_H_

#include <cstdint>

#include "model/kafka/notes/kind.h"
#include "model/kafka/vocabulary/errors.h"
#include "model/kafka/vocabulary/ids.h"
#include "model/kafka/vocabulary/requests.h"

namespace kafka::notes {

// ---- Appends and their answers ----

// Entries [first, first + count) are in the log, from `base` on.
struct Appended {
  PartitionId partition;
  AppendedId first;
  uint32_t count = 0;
  Offset base;
  LeaderEpoch epoch;  // this broker's view
  bool as_leader = false;

  static constexpr Kind kNote{
      .number = 41, .name = "appended", .speaker = Speaker::kBroker, .fault_point = "APPENDED"};
  static constexpr auto kAbout = AboutEntries(&Appended::first, &Appended::count);
  static constexpr auto kFields = NoteFields(
      NoteField{"partition", &Appended::partition, kInSubject},
      NoteField{"first", &Appended::first, kInA.High()},
      NoteField{"count", &Appended::count, kInA.Low()}, NoteField{"base", &Appended::base, kInB},
      NoteField{"epoch", &Appended::epoch, kInC.High()},
      NoteField{"as_leader", &Appended::as_leader, kInC.Low()});
};

// The batch is known, and nothing was written (KB:P-21).
struct Duplicate {
  PartitionId partition;
  BatchId batch;
  Offset base;  // where it stands

  static constexpr Kind kNote{.number = 42, .name = "duplicate", .speaker = Speaker::kBroker};
  static constexpr auto kAbout = AboutBatch(&Duplicate::batch);
  static constexpr auto kFields = NoteFields(
      NoteField{"partition", &Duplicate::partition, kInSubject},
      NoteField{"batch", &Duplicate::batch, kInA}, NoteField{"base", &Duplicate::base, kInB});
};

// The batch is refused.
struct ProduceRejected {
  PartitionId partition;
  BatchId batch;
  Error error{};
  LeaderEpoch epoch;  // this broker's view

  static constexpr Kind kNote{
      .number = 43, .name = "produce_rejected", .speaker = Speaker::kBroker};
  static constexpr auto kAbout = AboutBatch(&ProduceRejected::batch);
  static constexpr auto kFields =
      NoteFields(NoteField{"partition", &ProduceRejected::partition, kInSubject},
                 NoteField{"batch", &ProduceRejected::batch, kInA},
                 NoteField{"error", &ProduceRejected::error, kInB},
                 NoteField{"epoch", &ProduceRejected::epoch, kInC});
};

// The answer NONE is written to the socket.
struct Acknowledged {
  PartitionId partition;
  BatchId batch;
  Offset base;
  Acks acks{};

  static constexpr Kind kNote{.number = 44,
                              .name = "acknowledged",
                              .speaker = Speaker::kBroker,
                              .fault_point = "ACKNOWLEDGED"};
  static constexpr auto kAbout = AboutBatch(&Acknowledged::batch);
  static constexpr auto kFields = NoteFields(
      NoteField{"partition", &Acknowledged::partition, kInSubject},
      NoteField{"batch", &Acknowledged::batch, kInA}, NoteField{"base", &Acknowledged::base, kInB},
      NoteField{"acks", &Acknowledged::acks, kInC.Bits(0, 8)});
};

// ---- Opening, cutting, flushing ----

// The follower cut its log to match its leader.
struct Truncated {
  PartitionId partition;
  Offset end;
  Offset old_end;
  LeaderEpoch epoch;  // of the leader

  static constexpr Kind kNote{
      .number = 45, .name = "truncated", .speaker = Speaker::kBroker, .fault_point = "TRUNCATED"};
  static constexpr auto kAbout = AboutEnd(&Truncated::end);
  static constexpr auto kFields = NoteFields(
      NoteField{"partition", &Truncated::partition, kInSubject},
      NoteField{"end", &Truncated::end, kInA}, NoteField{"old_end", &Truncated::old_end, kInB},
      NoteField{"epoch", &Truncated::epoch, kInC});
};

// Entries [first, first + count) are in the log that a starting broker makes of its file, from
// `base` on. Said of each run of them, in their order, before Loaded or Recovered.
struct LogKept {
  PartitionId partition;
  AppendedId first;
  uint32_t count = 0;
  Offset base;

  static constexpr Kind kNote{.number = 71, .name = "log_kept", .speaker = Speaker::kBroker};
  static constexpr auto kAbout = AboutEntries(&LogKept::first, &LogKept::count);
  static constexpr auto kFields = NoteFields(
      NoteField{"partition", &LogKept::partition, kInSubject},
      NoteField{"first", &LogKept::first, kInA.High()},
      NoteField{"count", &LogKept::count, kInA.Low()}, NoteField{"base", &LogKept::base, kInB});
};

// The log was opened after an orderly stop: nothing is scanned (KB:S-44).
struct Loaded {
  PartitionId partition;
  Offset end;
  Offset high_watermark;

  static constexpr Kind kNote{.number = 46, .name = "loaded", .speaker = Speaker::kBroker};
  static constexpr auto kAbout = AboutEnd(&Loaded::end);
  static constexpr auto kFields = NoteFields(
      NoteField{"partition", &Loaded::partition, kInSubject}, NoteField{"end", &Loaded::end, kInA},
      NoteField{"high_watermark", &Loaded::high_watermark, kInC});
};

// The log was opened after an unclean stop, and scanned (KB:S-42).
struct Recovered {
  PartitionId partition;
  Offset end;
  uint64_t bytes_scanned = 0;
  Offset high_watermark;

  static constexpr Kind kNote{
      .number = 47, .name = "recovered", .speaker = Speaker::kBroker, .fault_point = "RECOVERED"};
  static constexpr auto kAbout = AboutEnd(&Recovered::end);
  static constexpr auto kFields =
      NoteFields(NoteField{"partition", &Recovered::partition, kInSubject},
                 NoteField{"end", &Recovered::end, kInA},
                 NoteField{"bytes_scanned", &Recovered::bytes_scanned, kInB},
                 NoteField{"high_watermark", &Recovered::high_watermark, kInC});
};

// fsync is done: everything below `end` is on this broker's medium.
struct FlushedTo {
  PartitionId partition;
  Offset end;

  static constexpr Kind kNote{
      .number = 48, .name = "flushed", .speaker = Speaker::kBroker, .fault_point = "FLUSHED"};
  static constexpr auto kAbout = AboutEnd(&FlushedTo::end);
  static constexpr auto kFields =
      NoteFields(NoteField{"partition", &FlushedTo::partition, kInSubject},
                 NoteField{"end", &FlushedTo::end, kInA});
};

using LogNotes = sim::NoteList<Appended, Duplicate, ProduceRejected, Acknowledged, Truncated,
                               LogKept, Loaded, Recovered, FlushedTo>;

}  // namespace kafka::notes

#endif  // MODEL_KAFKA_NOTES_LOGS_H_
