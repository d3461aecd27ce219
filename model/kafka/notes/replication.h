// model/kafka/notes/replication.h
//
// What brokers say of their high watermarks, fetches and roles, and of the ISR.
#ifndef MODEL_KAFKA_NOTES_REPLICATION_H_
#define MODEL_KAFKA_NOTES_REPLICATION_H_

#include <cstdint>

#include "model/kafka/notes/kind.h"
#include "model/kafka/vocabulary/ids.h"
#include "model/kafka/vocabulary/topic_setting.h"

namespace kafka::notes {

// ---- High watermarks and fetches ----

// A leader's high watermark moved.
struct HighWatermark {
  PartitionId partition;
  Offset to;
  Offset from;
  BrokerSet isr;  // committed
  LeaderEpoch epoch;

  static constexpr Kind kNote{.number = 49,
                              .name = "high_watermark",
                              .speaker = Speaker::kBroker,
                              .fault_point = "HIGH_WATERMARK"};
  static constexpr auto kAbout = AboutEnd(&HighWatermark::to);
  static constexpr auto kFields = NoteFields(
      NoteField{"partition", &HighWatermark::partition, kInSubject},
      NoteField{"to", &HighWatermark::to, kInA}, NoteField{"from", &HighWatermark::from, kInB},
      NoteField{"isr", &HighWatermark::isr, kInC.High()},
      NoteField{"epoch", &HighWatermark::epoch, kInC.Low()});
};

// A follower's high watermark moved.
struct FollowerHighWatermark {
  PartitionId partition;
  Offset to;
  Offset from;
  BrokerId leader;
  LeaderEpoch epoch;

  static constexpr Kind kNote{
      .number = 50, .name = "follower_high_watermark", .speaker = Speaker::kBroker};
  static constexpr auto kAbout = AboutEnd(&FollowerHighWatermark::to);
  static constexpr auto kFields =
      NoteFields(NoteField{"partition", &FollowerHighWatermark::partition, kInSubject},
                 NoteField{"to", &FollowerHighWatermark::to, kInA},
                 NoteField{"from", &FollowerHighWatermark::from, kInB},
                 NoteField{"leader", &FollowerHighWatermark::leader, kInC.High()},
                 NoteField{"epoch", &FollowerHighWatermark::epoch, kInC.Low()});
};

// The leader wrote records [from, to) to the socket of a follower.
struct FetchAnswered {
  PartitionId partition;
  BrokerId follower;
  Offset from;
  Offset to;
  bool waited = false;  // the fetch was parked before

  static constexpr Kind kNote{.number = 51,
                              .name = "fetch_answered",
                              .speaker = Speaker::kBroker,
                              .fault_point = "FETCH_ANSWERED"};
  static constexpr auto kAbout = AboutEnd(&FetchAnswered::to);
  static constexpr auto kFields = NoteFields(
      NoteField{"partition", &FetchAnswered::partition, kInSubject},
      NoteField{"follower", &FetchAnswered::follower, kInA.Bits(0, 8)},
      NoteField{"waited", &FetchAnswered::waited, kInA.Bit(8)},
      NoteField{"from", &FetchAnswered::from, kInB}, NoteField{"to", &FetchAnswered::to, kInC});
};

// The leader admitted a follower's fetch (KB:R-15).
struct FollowerFetched {
  PartitionId partition;
  BrokerId follower;
  Offset from;  // the follower's log end
  LeaderEpoch epoch;

  static constexpr Kind kNote{
      .number = 52, .name = "follower_fetched", .speaker = Speaker::kBroker};
  static constexpr auto kFields =
      NoteFields(NoteField{"partition", &FollowerFetched::partition, kInSubject},
                 NoteField{"follower", &FollowerFetched::follower, kInA},
                 NoteField{"from", &FollowerFetched::from, kInB},
                 NoteField{"epoch", &FollowerFetched::epoch, kInC});
};

// The leader wrote records [from, to) to the socket of a consumer.
struct Served {
  PartitionId partition;
  ConsumerIndex consumer;
  Offset from;
  Offset to;

  static constexpr Kind kNote{.number = 53, .name = "served", .speaker = Speaker::kBroker};
  static constexpr auto kAbout = AboutEnd(&Served::to);
  static constexpr auto kFields =
      NoteFields(NoteField{"partition", &Served::partition, kInSubject},
                 NoteField{"consumer", &Served::consumer, kInA},
                 NoteField{"from", &Served::from, kInB}, NoteField{"to", &Served::to, kInC});
};

// ---- Roles and the ISR ----

// The broker leads from now on.
struct BecameLeader {
  PartitionId partition;
  LeaderEpoch epoch;
  Offset end;
  Offset high_watermark;

  static constexpr Kind kNote{
      .number = 54, .name = "became_leader", .speaker = Speaker::kBroker, .fault_point = "ELECTED"};
  static constexpr auto kFields = NoteFields(
      NoteField{"partition", &BecameLeader::partition, kInSubject},
      NoteField{"epoch", &BecameLeader::epoch, kInA}, NoteField{"end", &BecameLeader::end, kInB},
      NoteField{"high_watermark", &BecameLeader::high_watermark, kInC});
};

// The broker follows from now on, in a new leader epoch.
struct BecameFollower {
  PartitionId partition;
  LeaderEpoch epoch;
  BrokerId leader;  // none: nobody leads
  Offset end;

  static constexpr Kind kNote{.number = 55, .name = "became_follower", .speaker = Speaker::kBroker};
  static constexpr auto kFields =
      NoteFields(NoteField{"partition", &BecameFollower::partition, kInSubject},
                 NoteField{"epoch", &BecameFollower::epoch, kInA},
                 NoteField{"leader", &BecameFollower::leader, kInB.High()},
                 NoteField{"end", &BecameFollower::end, kInC});
};

// The leader asks the controller for another ISR (AlterPartition).
struct IsrProposed {
  PartitionId partition;
  BrokerSet isr;
  LeaderEpoch leader_epoch;
  PartitionEpoch partition_epoch;

  static constexpr Kind kNote{.number = 56, .name = "isr_proposed", .speaker = Speaker::kBroker};
  static constexpr auto kFields =
      NoteFields(NoteField{"partition", &IsrProposed::partition, kInSubject},
                 NoteField{"isr", &IsrProposed::isr, kInA},
                 NoteField{"leader_epoch", &IsrProposed::leader_epoch, kInB.High()},
                 NoteField{"partition_epoch", &IsrProposed::partition_epoch, kInB.Low()});
};

// The leader has learnt what the ISR is.
struct IsrCommitted {
  PartitionId partition;
  BrokerSet isr;
  LeaderEpoch leader_epoch;
  PartitionEpoch partition_epoch;

  static constexpr Kind kNote{.number = 57,
                              .name = "isr_committed",
                              .speaker = Speaker::kBroker,
                              .fault_point = "ISR_CHANGED"};
  static constexpr auto kFields =
      NoteFields(NoteField{"partition", &IsrCommitted::partition, kInSubject},
                 NoteField{"isr", &IsrCommitted::isr, kInA},
                 NoteField{"leader_epoch", &IsrCommitted::leader_epoch, kInB.High()},
                 NoteField{"partition_epoch", &IsrCommitted::partition_epoch, kInB.Low()});
};

// Metadata of an equal partition epoch put the committed ISR in the place of a pending one, whose
// request is still under way (KB:R-2).
struct ProposalForgotten {
  PartitionId partition;
  BrokerSet proposed;
  LeaderEpoch leader_epoch;
  PartitionEpoch partition_epoch;
  BrokerSet committed;

  static constexpr Kind kNote{
      .number = 69, .name = "proposal_forgotten", .speaker = Speaker::kBroker};
  static constexpr auto kFields =
      NoteFields(NoteField{"partition", &ProposalForgotten::partition, kInSubject},
                 NoteField{"proposed", &ProposalForgotten::proposed, kInA},
                 NoteField{"leader_epoch", &ProposalForgotten::leader_epoch, kInB.High()},
                 NoteField{"partition_epoch", &ProposalForgotten::partition_epoch, kInB.Low()},
                 NoteField{"committed", &ProposalForgotten::committed, kInC});
};

// The epoch cache has a new entry.
struct EpochAssigned {
  PartitionId partition;
  LeaderEpoch epoch;
  Offset start;

  static constexpr Kind kNote{.number = 58, .name = "epoch_assigned", .speaker = Speaker::kBroker};
  static constexpr auto kFields =
      NoteFields(NoteField{"partition", &EpochAssigned::partition, kInSubject},
                 NoteField{"epoch", &EpochAssigned::epoch, kInA},
                 NoteField{"start", &EpochAssigned::start, kInB});
};

// A setting of this partition's topic is another from now on, as this broker counts.
struct SettingApplied {
  PartitionId partition;
  TopicSetting setting{};
  int64_t value = 0;  // a number, 0 or 1, nanoseconds

  static constexpr Kind kNote{.number = 78, .name = "setting_applied", .speaker = Speaker::kBroker};
  static constexpr auto kFields =
      NoteFields(NoteField{"partition", &SettingApplied::partition, kInSubject},
                 NoteField{"setting", &SettingApplied::setting, kInA},
                 NoteField{"value", &SettingApplied::value, kInB});
};

using ReplicationNotes =
    sim::NoteList<HighWatermark, FollowerHighWatermark, FetchAnswered, FollowerFetched, Served,
                  BecameLeader, BecameFollower, IsrProposed, IsrCommitted, ProposalForgotten,
                  EpochAssigned, SettingApplied>;

}  // namespace kafka::notes

#endif  // MODEL_KAFKA_NOTES_REPLICATION_H_
