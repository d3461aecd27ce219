// model/kafka/notes/producers.h
//
// What producers say.
#ifndef MODEL_KAFKA_NOTES_PRODUCERS_H_
#define MODEL_KAFKA_NOTES_PRODUCERS_H_

#include <cstdint>

#include "model/kafka/notes/kind.h"
#include "model/kafka/vocabulary/errors.h"
#include "model/kafka/vocabulary/ids.h"
#include "model/kafka/vocabulary/requests.h"

namespace kafka::notes {

// send() took the message into the accumulator.
struct Sent {
  PartitionId partition;
  MessageId message;
  Acks acks{};
  bool has_callback = false;  // the application hears what became of it
  bool idempotent = false;

  static constexpr Kind kNote{.number = 32, .name = "sent", .speaker = Speaker::kProducer};
  static constexpr auto kAbout = AboutMessage(&Sent::message);
  static constexpr auto kFields = NoteFields(
      NoteField{"partition", &Sent::partition, kInSubject},
      NoteField{"message", &Sent::message, kInA}, NoteField{"acks", &Sent::acks, kInB.Bits(0, 8)},
      NoteField{"has_callback", &Sent::has_callback, kInB.Bit(8)},
      NoteField{"idempotent", &Sent::idempotent, kInB.Bit(9)});
};

// send() failed before the accumulator.
struct SendRefused {
  PartitionId partition;
  MessageId message;
  Error error{};

  static constexpr Kind kNote{.number = 33, .name = "send_refused", .speaker = Speaker::kProducer};
  static constexpr auto kAbout = AboutMessage(&SendRefused::message);
  static constexpr auto kFields =
      NoteFields(NoteField{"partition", &SendRefused::partition, kInSubject},
                 NoteField{"message", &SendRefused::message, kInA},
                 NoteField{"error", &SendRefused::error, kInB});
};

// The batch is drained: its messages are known from now on. Said at every drain, so that each
// attempt shows.
struct BatchClosed {
  PartitionId partition;
  BatchId batch;
  BrokerId broker;       // it goes to
  uint32_t attempt = 0;  // 0: the first time

  static constexpr Kind kNote{.number = 34, .name = "batch_closed", .speaker = Speaker::kProducer};
  static constexpr auto kAbout = AboutBatch(&BatchClosed::batch);
  static constexpr auto kFields =
      NoteFields(NoteField{"partition", &BatchClosed::partition, kInSubject},
                 NoteField{"batch", &BatchClosed::batch, kInA},
                 NoteField{"broker", &BatchClosed::broker, kInB},
                 NoteField{"attempt", &BatchClosed::attempt, kInC});
};

// The request with the batch is handed to the socket. With acks=0, this is success.
struct ProduceSent {
  PartitionId partition;
  BatchId batch;
  BrokerId broker;
  uint32_t attempt = 0;

  static constexpr Kind kNote{.number = 35,
                              .name = "produce_sent",
                              .speaker = Speaker::kProducer,
                              .fault_point = "PRODUCE_SENT"};
  static constexpr auto kAbout = AboutBatch(&ProduceSent::batch);
  static constexpr auto kFields =
      NoteFields(NoteField{"partition", &ProduceSent::partition, kInSubject},
                 NoteField{"batch", &ProduceSent::batch, kInA},
                 NoteField{"broker", &ProduceSent::broker, kInB},
                 NoteField{"attempt", &ProduceSent::attempt, kInC});
};

// The callback, or the future, says success.
struct AckedToApplication {
  PartitionId partition;
  BatchId batch;
  Offset base = Offset::Unknown();
  Acks acks{};

  static constexpr Kind kNote{.number = 36,
                              .name = "acknowledged_to_application",
                              .speaker = Speaker::kProducer,
                              .fault_point = "ACKNOWLEDGED_TO_APPLICATION"};
  static constexpr auto kAbout = AboutBatch(&AckedToApplication::batch);
  static constexpr auto kFields =
      NoteFields(NoteField{"partition", &AckedToApplication::partition, kInSubject},
                 NoteField{"batch", &AckedToApplication::batch, kInA},
                 NoteField{"base", &AckedToApplication::base, kInB},
                 NoteField{"acks", &AckedToApplication::acks, kInC.Bits(0, 8)});
};

// The callback, or the future, says failure.
struct FailedToApplication {
  PartitionId partition;
  BatchId batch;
  Error error{};
  bool maybe_written = false;  // the bytes may be on their way, or in a log

  static constexpr Kind kNote{
      .number = 37, .name = "failed_to_application", .speaker = Speaker::kProducer};
  static constexpr auto kAbout = AboutBatch(&FailedToApplication::batch);
  static constexpr auto kFields =
      NoteFields(NoteField{"partition", &FailedToApplication::partition, kInSubject},
                 NoteField{"batch", &FailedToApplication::batch, kInA},
                 NoteField{"error", &FailedToApplication::error, kInB},
                 NoteField{"maybe_written", &FailedToApplication::maybe_written, kInC});
};

// The batch is back in the accumulator, to be sent again.
struct Retried {
  PartitionId partition;
  BatchId batch;
  Error error{};         // why
  uint32_t attempt = 0;  // that failed

  static constexpr Kind kNote{.number = 38, .name = "retried", .speaker = Speaker::kProducer};
  static constexpr auto kAbout = AboutBatch(&Retried::batch);
  static constexpr auto kFields = NoteFields(
      NoteField{"partition", &Retried::partition, kInSubject},
      NoteField{"batch", &Retried::batch, kInA}, NoteField{"error", &Retried::error, kInB},
      NoteField{"attempt", &Retried::attempt, kInC});
};

// A batch gets a new producer epoch and sequence: to brokers it is another batch from now on.
struct Renumbered {
  PartitionId partition;
  BatchId batch;       // as it was
  BatchId renumbered;  // the same messages under the new number

  static constexpr Kind kNote{.number = 39, .name = "renumbered", .speaker = Speaker::kProducer};
  static constexpr auto kAbout = AboutBatch(&Renumbered::batch);
  static constexpr auto kFields =
      NoteFields(NoteField{"partition", &Renumbered::partition, kInSubject},
                 NoteField{"batch", &Renumbered::batch, kInA},
                 NoteField{"renumbered", &Renumbered::renumbered, kInB});
};

// The program is done, and nothing is queued or in flight.
struct ProducerIdle {
  ProducerIndex producer;

  static constexpr Kind kNote{.number = 40, .name = "producer_idle", .speaker = Speaker::kProducer};
  static constexpr auto kFields =
      NoteFields(NoteField{"producer", &ProducerIdle::producer, kInSubject});
};

using ProducerNotes = sim::NoteList<Sent, SendRefused, BatchClosed, ProduceSent, AckedToApplication,
                                    FailedToApplication, Retried, Renumbered, ProducerIdle>;

}  // namespace kafka::notes

#endif  // MODEL_KAFKA_NOTES_PRODUCERS_H_
