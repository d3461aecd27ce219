// model/kafka/notes/controller.h
//
// What the controller says.
#ifndef MODEL_KAFKA_NOTES_CONTROLLER_H_
#define MODEL_KAFKA_NOTES_CONTROLLER_H_

#include <cstdint>

#include "model/kafka/notes/kind.h"
#include "model/kafka/vocabulary/ids.h"
#include "model/kafka/vocabulary/topic_setting.h"

namespace kafka::notes {

// A broker process has registered.
struct Registered {
  BrokerId broker;
  BrokerEpoch epoch;
  bool clean = false;  // the process before it stopped in order
  uint16_t incarnation = 0;

  static constexpr Kind kNote{.number = 59,
                              .name = "registered",
                              .speaker = Speaker::kController,
                              .fault_point = "REGISTERED"};
  static constexpr auto kActor = &Registered::broker;
  static constexpr auto kFields = NoteFields(
      NoteField{"broker", &Registered::broker, kInSubject},
      NoteField{"epoch", &Registered::epoch, kInA}, NoteField{"clean", &Registered::clean, kInB},
      NoteField{"incarnation", &Registered::incarnation, kInC});
};

// A broker is fenced.
struct Fenced {
  BrokerId broker;
  BrokerEpoch epoch;
  FenceReason reason{};

  static constexpr Kind kNote{
      .number = 60, .name = "fenced", .speaker = Speaker::kController, .fault_point = "FENCED"};
  static constexpr auto kActor = &Fenced::broker;
  static constexpr auto kFields = NoteFields(NoteField{"broker", &Fenced::broker, kInSubject},
                                             NoteField{"epoch", &Fenced::epoch, kInA},
                                             NoteField{"reason", &Fenced::reason, kInB});
};

// A broker may lead and be in sync from now on.
struct Unfenced {
  BrokerId broker;
  BrokerEpoch epoch;

  static constexpr Kind kNote{
      .number = 61, .name = "unfenced", .speaker = Speaker::kController, .fault_point = "UNFENCED"};
  static constexpr auto kActor = &Unfenced::broker;
  static constexpr auto kFields = NoteFields(NoteField{"broker", &Unfenced::broker, kInSubject},
                                             NoteField{"epoch", &Unfenced::epoch, kInA});
};

// A broker has asked to stop in order.
struct ControlledShutdown {
  BrokerId broker;
  BrokerEpoch epoch;

  static constexpr Kind kNote{
      .number = 62, .name = "controlled_shutdown", .speaker = Speaker::kController};
  static constexpr auto kActor = &ControlledShutdown::broker;
  static constexpr auto kFields =
      NoteFields(NoteField{"broker", &ControlledShutdown::broker, kInSubject},
                 NoteField{"epoch", &ControlledShutdown::epoch, kInA});
};

// A partition record is written.
struct PartitionState {
  PartitionId partition;
  BrokerId leader;
  Election election{};
  LeaderEpoch leader_epoch;
  PartitionEpoch partition_epoch;
  BrokerSet isr;
  BrokerSet elr;
  BrokerId last_known_leader;
  int16_t min_isr = 0;  // in effect (KB:E-11)

  static constexpr Kind kNote{
      .number = 63, .name = "partition_state", .speaker = Speaker::kController};
  static constexpr auto kActor = &PartitionState::leader;
  static constexpr auto kFields = NoteFields(
      NoteField{"partition", &PartitionState::partition, kInSubject},
      NoteField{"leader", &PartitionState::leader, kInA.High()},
      NoteField{"election", &PartitionState::election, kInA.Low()},
      NoteField{"leader_epoch", &PartitionState::leader_epoch, kInB.High()},
      NoteField{"partition_epoch", &PartitionState::partition_epoch, kInB.Low()},
      NoteField{"isr", &PartitionState::isr, kInC.Bits(0, 16)},
      NoteField{"elr", &PartitionState::elr, kInC.Bits(16, 16)},
      NoteField{"last_known_leader", &PartitionState::last_known_leader, kInC.Bits(32, 16)},
      NoteField{"min_isr", &PartitionState::min_isr, kInC.Bits(48, 16)});
};

// A setting of this partition's topic is another from now on, as the controller counts.
struct SettingChanged {
  PartitionId partition;
  TopicSetting setting{};
  bool of_cluster = false;  // said of all topics that do not set it themselves
  int64_t value = 0;        // a number, 0 or 1, nanoseconds

  static constexpr Kind kNote{
      .number = 76, .name = "setting_changed", .speaker = Speaker::kController};
  static constexpr auto kFields =
      NoteFields(NoteField{"partition", &SettingChanged::partition, kInSubject},
                 NoteField{"setting", &SettingChanged::setting, kInA.Bits(0, 8)},
                 NoteField{"of_cluster", &SettingChanged::of_cluster, kInA.Bit(8)},
                 NoteField{"value", &SettingChanged::value, kInB});
};

// An operator asked for an election (KB:E-32).
struct ElectionAsked {
  PartitionId partition;
  bool unclean = false;  // else: of the preferred replica
  AskedElection outcome{};

  static constexpr Kind kNote{
      .number = 77, .name = "election_asked", .speaker = Speaker::kController};
  static constexpr auto kFields =
      NoteFields(NoteField{"partition", &ElectionAsked::partition, kInSubject},
                 NoteField{"unclean", &ElectionAsked::unclean, kInA},
                 NoteField{"outcome", &ElectionAsked::outcome, kInB});
};

using ControllerNotes = sim::NoteList<Registered, Fenced, Unfenced, ControlledShutdown,
                                      PartitionState, SettingChanged, ElectionAsked>;

}  // namespace kafka::notes

#endif  // MODEL_KAFKA_NOTES_CONTROLLER_H_
