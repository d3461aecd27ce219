// Faults as the engine plans them: trigger, guard, target, and what is done.
#include <algorithm>

#include "model/kafka/notes.h"
#include "model/kafka/targets.h"
#include "scenarios/bridge/to_setup.h"
#include "scenarios/kafka_config/text.h"
#include "scenarios/loader/check.h"

namespace bridge {
namespace {

// By the name that the kind's list of notes gives it. The engine's have none there.
uint16_t NoteKindOf(loader::proto::When::NoteKind note) {
  if (note == loader::proto::When::WRITTEN_BACK) return sim::kKindOf<sim::notes::WrittenBack>;
  const auto found = kafka::KindOfFaultPoint(loader::proto::When::NoteKind_Name(note));
  SIM_CHECK(found.has_value());  // the loader takes no other
  return *found;
}

kafka::Role RoleOf(loader::proto::Role role) {
  switch (role) {
    case loader::proto::LEADER:
      return kafka::Role::kLeader;
    case loader::proto::FOLLOWER:
      return kafka::Role::kFollower;
    case loader::proto::FOLLOWERS:
      return kafka::Role::kFollowers;
    case loader::proto::REPLICAS:
      return kafka::Role::kReplicas;
    case loader::proto::OTHERS:
      return kafka::Role::kOthers;
    default:
      return kafka::Role::kNone;
  }
}

template <class Programs>
uint16_t IndexOf(const Programs& programs, const std::string& name) {
  const auto found = std::find_if(programs.begin(), programs.end(),
                                  [&](const auto& program) { return program.name == name; });
  SIM_CHECK(found != programs.end());
  return static_cast<uint16_t>(found - programs.begin());
}

uint16_t Bit(uint32_t broker_id) { return static_cast<uint16_t>(1u << (broker_id - 1)); }

class FaultBuilder {
 public:
  FaultBuilder(const loader::LoadedScenario& loaded,
               const kafka_config::Configuration& configuration, int index, BuiltSetup& out)
      : loaded_(loaded),
        configuration_(configuration),
        fault_(loaded.scenario.fault(index)),
        index_(index),
        at_(loader::Indexed("fault", index)),
        out_(out) {}

  void Build() {
    sim::PlannedFault planned;
    SetTrigger(planned);
    planned.before_effects = fault_.cut() == loader::proto::Fault::BEFORE_EFFECTS;
    planned.wipe = fault_.wipe();
    if (fault_.has_rolling_restart()) return AddRollingRestart(planned);
    SetAction(planned);
    Add(planned);
  }

 private:
  void Add(const sim::PlannedFault& planned) {
    out_.setup.faults.push_back(planned);
    out_.fault_of.push_back(static_cast<uint16_t>(index_));
  }

  void SetTrigger(sim::PlannedFault& planned) {
    if (!fault_.has_when()) {
      planned.at = {loader::DurationOf(fault_.at()).ns};
      return;
    }
    const loader::proto::When& when = fault_.when();
    planned.at = {loader::DurationOf(fault_.else_at()).ns};
    planned.note_kind = NoteKindOf(when.note());
    planned.occurrence = when.occurrence();
    if (!when.topic().empty() || when.has_partition()) {
      planned.note_subject = PartitionOf(when.topic(), when.has_partition(), when.partition(),
                                         kafka_config::Cat(at_, ".when"));
    }
    const auto given = [](bool has, uint32_t value) {
      return has ? static_cast<int32_t>(value) : sim::FaultGuard::kAny;
    };
    planned.guard = {
        .copies_min = given(when.has_copies_min(), when.copies_min()),
        .copies_max = given(when.has_copies_max(), when.copies_max()),
        .in_flight_max = given(when.has_in_flight(), when.in_flight()),
        .acknowledged_min = given(when.has_acked_messages_min(), when.acked_messages_min()),
        .sent_min = given(when.has_sent_messages_min(), when.sent_messages_min()),
        .isr_size = given(when.has_isr_size(), when.isr_size()),
        .actor = given(when.has_broker(), when.broker() - 1)};
    if (when.has_copies()) {
      planned.guard.copies_min = planned.guard.copies_max = static_cast<int32_t>(when.copies());
    }
  }

  // The number of a partition over all topics. Without a topic: of the first.
  uint32_t PartitionOf(const std::string& topic, bool given, uint32_t partition,
                       const std::string& path) {
    const auto& topics = out_.setup.topics;
    const kafka::TopicSetup& found = topics[topic.empty() ? 0 : IndexOf(topics, topic)];
    const uint32_t index = given ? partition : 0;
    if (index < found.partitions.size()) return found.partitions[index].value;
    out_.errors.push_back(
        {.position = loaded_.PlaceOf(kafka_config::Cat(path, ".partition")),
         .field = kafka_config::Cat(path, ".partition"),
         .value = std::to_string(index),
         .message = kafka_config::Cat("topic ", found.name, " has ",
                                      std::to_string(found.partitions.size()), " partitions")});
    return 0;
  }

  template <class TargetOrSide>
  void SetRole(const TargetOrSide& from, const std::string& path, kafka::Target& target) {
    target.role = RoleOf(from.role());
    if (from.topic().empty() && !from.has_partition()) return;
    target.partition = PartitionOf(from.topic(), from.has_partition(), from.partition(), path);
  }

  template <class Target>
  kafka::Target TargetOf(const Target& target, const std::string& path) {
    kafka::Target whom;
    SetRole(target, path, whom);
    if (target.broker() != 0) whom.brokers = Bit(target.broker());
    if (!target.producer().empty()) {
      whom.role = kafka::Role::kProducer;
      whom.brokers =
          IndexOf(out_.setup.producers, kafka_config::Cat("producer/", target.producer()));
    }
    if (!target.consumer().empty()) {
      whom.role = kafka::Role::kConsumer;
      whom.brokers =
          IndexOf(out_.setup.consumers, kafka_config::Cat("consumer/", target.consumer()));
    }
    return whom;
  }

  kafka::Target SideOf(const loader::proto::Side& side, const std::string& path) {
    kafka::Target whom{.controller = side.controller(), .clients = side.clients()};
    SetRole(side, path, whom);
    for (const uint32_t id : side.broker()) whom.brokers |= Bit(id);
    whom.everybody_else =
        whom.role == kafka::Role::kNone && whom.brokers == 0 && !whom.controller && !whom.clients;
    return whom;
  }

  static sim::Duration LastsFor(const std::string& text) {
    return text.empty() ? sim::kForever : loader::DurationOf(text);
  }

  template <class Target>
  void SetProcessFault(sim::PlannedFault& planned, sim::FaultKind kind, const Target& target,
                       std::string_view name) {
    planned.kind = kind;
    planned.target = TargetOf(target, kafka_config::Cat(at_, ".", name));
    planned.lasts = LastsFor(fault_.restart_after());
  }

  void SetPowerLoss(sim::PlannedFault& planned) {
    const loader::proto::PowerLoss& loss = fault_.power_loss();
    planned.kind = sim::FaultKind::kPowerLoss;
    kafka::Target whom = TargetOf(loss.of(), kafka_config::Cat(at_, ".power_loss.of"));
    whom.domain = loss.domain() == loader::proto::PowerLoss::RACK   ? kafka::Domain::kRack
                  : loss.domain() == loader::proto::PowerLoss::ROOM ? kafka::Domain::kRoom
                  : loss.domain() == loader::proto::PowerLoss::ALL  ? kafka::Domain::kAll
                                                                    : kafka::Domain::kHost;
    planned.target = whom;
    planned.lasts = LastsFor(fault_.restart_after());
  }

  void SetLinks(sim::PlannedFault& planned, const loader::proto::Side& from,
                const loader::proto::Side& to, const std::string& path) {
    planned.target = SideOf(from, kafka_config::Cat(path, ".from"));
    planned.peer = SideOf(to, kafka_config::Cat(path, ".to"));
  }

  void SetPartition(sim::PlannedFault& planned) {
    const loader::proto::Partition& cut = fault_.partition();
    planned.kind = sim::FaultKind::kPartition;
    SetLinks(planned, cut.from(), cut.to(), kafka_config::Cat(at_, ".partition"));
    planned.both_directions = !cut.one_way();
    planned.lasts = LastsFor(cut.heal_after());
  }

  void SetLatencySpike(sim::PlannedFault& planned) {
    const loader::proto::LatencySpike& spike = fault_.latency_spike();
    planned.kind = sim::FaultKind::kLatencySpike;
    SetLinks(planned, spike.from(), spike.to(), kafka_config::Cat(at_, ".latency_spike"));
    planned.extra = loader::DurationOf(spike.extra());
    planned.lasts = LastsFor(spike.for_());
  }

  void SetHostFault(sim::PlannedFault& planned, sim::FaultKind kind,
                    const loader::proto::Target& target, std::string_view name) {
    planned.kind = kind;
    planned.target = TargetOf(target, kafka_config::Cat(at_, ".", name, ".target"));
  }

  void SetOrder(sim::PlannedFault& planned) {
    planned.kind = sim::FaultKind::kOrder;
    planned.target = kafka::Target{.controller = true};
    planned.order = AddAct(loaded_, configuration_, index_, out_);
  }

  void SetAction(sim::PlannedFault& planned) {
    using Fault = loader::proto::Fault;
    switch (fault_.action_case()) {
      case Fault::kKill:
        return SetProcessFault(planned, sim::FaultKind::kKill, fault_.kill(), "kill");
      case Fault::kStop:
        SetProcessFault(planned, sim::FaultKind::kStop, fault_.stop(), "stop");
        planned.grace = LastsFor(fault_.stop().grace());
        return;
      case Fault::kPanic:
        return SetProcessFault(planned, sim::FaultKind::kPanic, fault_.panic(), "panic");
      case Fault::kPowerLoss:
        return SetPowerLoss(planned);
      case Fault::kPause:
        SetHostFault(planned, sim::FaultKind::kPause, fault_.pause().target(), "pause");
        planned.lasts = LastsFor(fault_.pause().for_());
        return;
      case Fault::kPartition:
        return SetPartition(planned);
      case Fault::kLatencySpike:
        return SetLatencySpike(planned);
      case Fault::kSlowDisk:
        SetHostFault(planned, sim::FaultKind::kSlowDisk, fault_.slow_disk().target(), "slow_disk");
        planned.factor = fault_.slow_disk().factor();
        planned.lasts = LastsFor(fault_.slow_disk().for_());
        return;
      case Fault::kClockStep:
        SetHostFault(planned, sim::FaultKind::kClockStep, fault_.clock_step().target(),
                     "clock_step");
        planned.extra = loader::DurationOf(fault_.clock_step().by());
        return;
      case Fault::kElectLeaders:
      case Fault::kChangeSetting:
      case Fault::kAddPartitions:
        return SetOrder(planned);
      case Fault::kRollingRestart:
      case Fault::ACTION_NOT_SET:
        break;
    }
  }

  // One stop after the other: each waits until the one before it is over, and for `between`.
  void AddRollingRestart(sim::PlannedFault planned) {
    planned.kind = sim::FaultKind::kStop;
    planned.lasts = LastsFor(fault_.rolling_restart().down_for());
    planned.grace = LastsFor(fault_.rolling_restart().grace());
    for (uint32_t id = 1; id <= out_.setup.brokers.size(); ++id) {
      planned.target = kafka::Target{.brokers = Bit(id)};
      Add(planned);
      planned = {.kind = planned.kind,
                 .at = sim::Never<sim::SimTime>(),  // only after the one before
                 .after_fault = static_cast<int16_t>(out_.setup.faults.size() - 1),
                 .delay = loader::DurationOf(fault_.rolling_restart().between()),
                 .lasts = planned.lasts,
                 .grace = planned.grace,
                 .wipe = planned.wipe};
    }
  }

  const loader::LoadedScenario& loaded_;
  const kafka_config::Configuration& configuration_;
  const loader::proto::Fault& fault_;
  const int index_;
  const std::string at_;
  BuiltSetup& out_;
};

}  // namespace

void BuildFaults(const loader::LoadedScenario& loaded,
                 const kafka_config::Configuration& configuration, BuiltSetup& out) {
  for (int i = 0; i < loaded.scenario.fault_size(); ++i) {
    FaultBuilder(loaded, configuration, i, out).Build();
  }
}

}  // namespace bridge
