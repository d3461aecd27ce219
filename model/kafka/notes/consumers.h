// model/kafka/notes/consumers.h
//
// What consumers say, and the offset store.
#ifndef MODEL_KAFKA_NOTES_CONSUMERS_H_
#define MODEL_KAFKA_NOTES_CONSUMERS_H_

#include <cstdint>

#include "model/kafka/notes/kind.h"
#include "model/kafka/vocabulary/ids.h"

namespace kafka::notes {

// poll() handed records [from, to) to the application.
struct Polled {
  PartitionId partition;
  ConsumerIndex consumer;
  Offset from;
  Offset to;

  static constexpr Kind kNote{.number = 64, .name = "polled", .speaker = Speaker::kConsumer};
  static constexpr auto kAbout = AboutEnd(&Polled::to);
  static constexpr auto kFields =
      NoteFields(NoteField{"partition", &Polled::partition, kInSubject},
                 NoteField{"consumer", &Polled::consumer, kInA},
                 NoteField{"from", &Polled::from, kInB}, NoteField{"to", &Polled::to, kInC});
};

// The application is done with records [from, to), the first of them out of entry `first`: two
// histories share offsets, and what was fetched of one may be processed when another one leads.
struct Processed {
  PartitionId partition;
  ConsumerIndex consumer;
  Offset from;
  Offset to;
  AppendedId first;

  static constexpr Kind kNote{
      .number = 65, .name = "processed", .speaker = Speaker::kConsumer, .fault_point = "PROCESSED"};
  static constexpr auto kAbout = AboutEnd(&Processed::to);
  static constexpr auto kFields =
      NoteFields(NoteField{"partition", &Processed::partition, kInSubject},
                 NoteField{"consumer", &Processed::consumer, kInA.Low()},
                 NoteField{"first", &Processed::first, kInA.High()},
                 NoteField{"from", &Processed::from, kInB}, NoteField{"to", &Processed::to, kInC});
};

// The offset store has a group's offset.
struct Committed {
  PartitionId partition;
  GroupId group;
  Offset offset;

  static constexpr Kind kNote{.number = 66,
                              .name = "committed",
                              .speaker = Speaker::kOffsetStore,
                              .fault_point = "COMMITTED_OFFSET"};
  static constexpr auto kFields = NoteFields(
      NoteField{"partition", &Committed::partition, kInSubject},
      NoteField{"group", &Committed::group, kInA}, NoteField{"offset", &Committed::offset, kInB});
};

// The position moved otherwise than by reading.
struct PositionReset {
  PartitionId partition;
  ConsumerIndex consumer;
  Offset to;
  Offset from;

  static constexpr Kind kNote{
      .number = 67, .name = "position_reset", .speaker = Speaker::kConsumer};
  static constexpr auto kFields = NoteFields(
      NoteField{"partition", &PositionReset::partition, kInSubject},
      NoteField{"consumer", &PositionReset::consumer, kInA},
      NoteField{"to", &PositionReset::to, kInB}, NoteField{"from", &PositionReset::from, kInC});
};

// The consumer has read all that the leader shows.
struct ConsumerCaughtUp {
  PartitionId partition;
  ConsumerIndex consumer;
  Offset position;

  static constexpr Kind kNote{
      .number = 68, .name = "consumer_caught_up", .speaker = Speaker::kConsumer};
  static constexpr auto kFields =
      NoteFields(NoteField{"partition", &ConsumerCaughtUp::partition, kInSubject},
                 NoteField{"consumer", &ConsumerCaughtUp::consumer, kInA},
                 NoteField{"position", &ConsumerCaughtUp::position, kInB});
};

// poll() threw because of this partition, and the program ended.
struct ConsumerEnded {
  PartitionId partition;
  ConsumerIndex consumer;
  ConsumerEnd why{};
  Offset position = Offset::Unknown();

  static constexpr Kind kNote{
      .number = 70, .name = "consumer_ended", .speaker = Speaker::kConsumer};
  static constexpr auto kFields =
      NoteFields(NoteField{"partition", &ConsumerEnded::partition, kInSubject},
                 NoteField{"consumer", &ConsumerEnded::consumer, kInA},
                 NoteField{"why", &ConsumerEnded::why, kInB},
                 NoteField{"position", &ConsumerEnded::position, kInC});
};

using ConsumerNotes =
    sim::NoteList<Polled, Processed, Committed, PositionReset, ConsumerCaughtUp, ConsumerEnded>;

}  // namespace kafka::notes

#endif  // MODEL_KAFKA_NOTES_CONSUMERS_H_
