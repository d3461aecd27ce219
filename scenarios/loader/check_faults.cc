// What breaks: triggers, guards, targets, and what each kind of fault wants.
#include <set>

#include "scenarios/kafka_config/text.h"
#include "scenarios/loader/check.h"
#include "scenarios/loader/units.h"

namespace loader {
namespace {

using kafka_config::Cat;

template <class Programs>
std::vector<std::string> NamesOf(const Programs& programs) {
  std::vector<std::string> names;
  for (const auto& program : programs) names.push_back(program.name());
  return names;
}

std::vector<std::string> ChangeableSettings(bool of_cluster) {
  std::vector<std::string> names;
  for (const ChangeableSetting& setting : kChangeableSettings) {
    names.emplace_back(of_cluster ? setting.of_brokers : setting.of_topic);
  }
  return names;
}

// Checks one fault. `at_` is its path, "fault[3]".
class FaultCheck {
 public:
  FaultCheck(const proto::Scenario& scenario, int index, Findings& out)
      : scenario_(scenario),
        fault_(scenario.fault(index)),
        at_(Indexed("fault", index)),
        out_(out) {}

  void Run() {
    CheckTrigger();
    CheckAction();
    out_.Duration(Cat(at_, ".restart_after"), fault_.restart_after(), kZero);
    const auto action = fault_.action_case();
    const bool restarts = action == proto::Fault::kKill || action == proto::Fault::kStop ||
                          action == proto::Fault::kPanic || action == proto::Fault::kPowerLoss;
    if (!fault_.restart_after().empty() && !restarts && action != proto::Fault::ACTION_NOT_SET) {
      out_.Wrong(Cat(at_, ".restart_after"), fault_.restart_after(),
                 "only what was killed, stopped or lost its kernel or power starts again");
    }
    if (fault_.wipe()) CheckWipe(restarts || action == proto::Fault::kRollingRestart);
  }

 private:
  enum class Whom { kAnyProcess, kBroker };

  void CheckWipe(bool restarts) {
    const auto names_program = [](const auto& target) {
      return !target.producer().empty() || !target.consumer().empty();
    };
    const bool of_program = (fault_.has_kill() && names_program(fault_.kill())) ||
                            (fault_.has_stop() && names_program(fault_.stop()));
    if (restarts && !of_program) return;
    out_.Wrong(Cat(at_, ".wipe"), "true",
               of_program ? "a program keeps nothing on its disk: this meets brokers only"
                          : "only who was killed, stopped or lost its kernel or power comes back "
                            "with an empty disk");
  }

  void CheckTrigger() {
    out_.Duration(Cat(at_, ".else_at"), fault_.else_at(), kZero);
    if (fault_.trigger_case() == proto::Fault::TRIGGER_NOT_SET) {
      return out_.Missing(at_, "", "a fault wants `at` or `when`");
    }
    if (fault_.has_at()) {
      if (fault_.at().empty()) out_.Missing(Cat(at_, ".at"), "", "wants a time");
      out_.Duration(Cat(at_, ".at"), fault_.at(), kZero);
      if (!fault_.else_at().empty()) {
        out_.Missing(Cat(at_, ".else_at"), fault_.else_at(), "is the fallback of a `when` only");
      }
      if (fault_.cut() == proto::Fault::BEFORE_EFFECTS) {
        out_.Missing(Cat(at_, ".cut"), "BEFORE_EFFECTS",
                     "there is no event to cut: it wants `when`");
      }
      return;
    }
    if (fault_.else_at().empty()) {
      out_.Missing(Cat(at_, ".when"), "",
                   "wants else_at, the time at which the fault fires if its point does not come");
    }
    CheckWhen(fault_.when(), Cat(at_, ".when"));
  }

  void CheckWhen(const proto::When& when, const std::string& path) {
    if (when.note() == proto::When::NOTE_UNSPECIFIED) {
      out_.Missing(Cat(path, ".note"), "", "a protocol point wants a note kind");
    }
    CheckPlace(when.topic(), when.has_partition(), when.partition(), path);
    if (when.has_partition() && when.topic().empty() && scenario_.topic_size() > 1) {
      out_.Missing(Cat(path, ".partition"), std::to_string(when.partition()),
                   "wants `topic` where there are several");
    }
    CheckSubject(when, path);
    if (when.has_broker()) out_.Range(Cat(path, ".broker"), when.broker(), 1, Brokers());
    CheckCopies(when, path);
    if (when.has_isr_size()) out_.Range(Cat(path, ".isr_size"), when.isr_size(), 0, Brokers());
    if (when.has_in_flight()) out_.Range(Cat(path, ".in_flight"), when.in_flight(), 0, Brokers());
    if (when.has_occurrence()) {
      out_.Range(Cat(path, ".occurrence"), when.occurrence(), 1, kMessagesMax);
    }
    CheckProgress(when.has_acked_messages_min(), when.acked_messages_min(),
                  Cat(path, ".acked_messages_min"));
    CheckProgress(when.has_sent_messages_min(), when.sent_messages_min(),
                  Cat(path, ".sent_messages_min"));
  }

  // What a kind of note is about: a partition, a broker, or neither.
  void CheckSubject(const proto::When& when, const std::string& path) {
    const bool of_broker = when.note() == proto::When::FENCED ||
                           when.note() == proto::When::REGISTERED ||
                           when.note() == proto::When::UNFENCED;
    const bool of_file = when.note() == proto::When::WRITTEN_BACK;
    if ((of_broker || of_file) && (!when.topic().empty() || when.has_partition())) {
      out_.Wrong(path, "", "a note of this kind is about no partition");
    }
    if (!when.topic().empty() && !when.has_partition() && scenario_.topic_size() > 1) {
      out_.Missing(Cat(path, ".topic"), when.topic(), "wants `partition` where there are several");
    }
  }

  void CheckCopies(const proto::When& when, const std::string& path) {
    if (when.has_copies()) out_.Range(Cat(path, ".copies"), when.copies(), 0, Brokers());
    if (when.has_copies_min()) {
      out_.Range(Cat(path, ".copies_min"), when.copies_min(), 0, Brokers());
    }
    if (when.has_copies_max()) {
      out_.Range(Cat(path, ".copies_max"), when.copies_max(), 0, Brokers());
    }
    if (when.has_copies() && (when.has_copies_min() || when.has_copies_max())) {
      out_.Wrong(Cat(path, ".copies"), std::to_string(when.copies()),
                 "says it already: no copies_min or copies_max beside it");
    }
    if (when.has_copies_min() && when.has_copies_max() && when.copies_min() > when.copies_max()) {
      out_.Wrong(Cat(path, ".copies_min"), std::to_string(when.copies_min()),
                 Cat("exceeds copies_max, ", std::to_string(when.copies_max())));
    }
  }

  // A point that asks for more messages than there are could never come.
  void CheckProgress(bool given, uint32_t value, const std::string& path) {
    if (!given) return;
    uint64_t messages = 0;
    for (const proto::Producer& producer : scenario_.producer()) {
      messages += producer.has_messages() ? producer.messages() : kMessagesDefault;
    }
    if (value <= messages) return;
    out_.Missing(path, std::to_string(value),
                 Cat("exceeds the ", std::to_string(messages), " messages that are sent"));
  }

  void CheckPlace(const std::string& topic, bool has_partition, uint32_t partition,
                  const std::string& path) {
    if (!topic.empty()) {
      const std::vector<std::string> names = NamesOf(scenario_.topic());
      if (std::find(names.begin(), names.end(), topic) == names.end()) {
        out_.Missing(Cat(path, ".topic"), topic, "is no topic of this scenario",
                     NearestName(topic, names));
      }
    }
    if (!has_partition) return;
    uint32_t count = 0;
    for (const proto::Topic& declared : scenario_.topic()) {
      if (topic.empty() || declared.name() == topic) {
        count = std::max(count, declared.has_partitions() ? declared.partitions() : kPartitionsMax);
      }
    }
    if (count > 0) out_.Range(Cat(path, ".partition"), partition, 0, int64_t{count} - 1);
  }

  void CheckProgram(const std::string& name, const std::vector<std::string>& names,
                    const std::string& path, std::string_view what) {
    if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) return;
    out_.Missing(path, name, Cat("is no ", what, " of this scenario"), NearestName(name, names));
  }

  template <class Target>
  void CheckTarget(bool given, const Target& target, const std::string& path, Whom whom) {
    if (!given) return out_.Missing(path, "", "wants a target, as { role: LEADER }");
    const int named = (target.role() != proto::ROLE_UNSPECIFIED) + (target.broker() != 0) +
                      !target.producer().empty() + !target.consumer().empty();
    if (named == 0) out_.Missing(path, "", "wants one of role, broker, producer, consumer");
    if (named > 1) out_.Wrong(path, "", "names more than one of role, broker, producer, consumer");
    if (target.broker() != 0) out_.Range(Cat(path, ".broker"), target.broker(), 1, Brokers());
    CheckProgram(target.producer(), NamesOf(scenario_.producer()), Cat(path, ".producer"),
                 "producer");
    CheckProgram(target.consumer(), NamesOf(scenario_.consumer()), Cat(path, ".consumer"),
                 "consumer");
    if (whom == Whom::kBroker && (!target.producer().empty() || !target.consumer().empty())) {
      out_.Wrong(path, "", "this kind of fault meets brokers only");
    }
    CheckPlaceOfRole(target, path);
  }

  template <class TargetOrSide>
  void CheckPlaceOfRole(const TargetOrSide& target, const std::string& path) {
    CheckPlace(target.topic(), target.has_partition(), target.partition(), path);
    const bool placed = !target.topic().empty() || target.has_partition();
    if (!placed || target.role() != proto::ROLE_UNSPECIFIED) return;
    out_.Missing(path, "", "topic and partition belong to a role");
  }

  static bool IsEmpty(const proto::Side& side) {
    return side.role() == proto::ROLE_UNSPECIFIED && side.broker().empty() && !side.controller() &&
           !side.clients();
  }

  void CheckSides(const proto::Side& from, const proto::Side& to, const std::string& path) {
    if (IsEmpty(from)) {
      out_.Missing(Cat(path, ".from"), "", "wants a side, as from { role: LEADER }");
    }
    for (const auto& [side, name] : {std::pair{&from, ".from"}, std::pair{&to, ".to"}}) {
      const std::string at = Cat(path, name);
      for (int i = 0; i < side->broker_size(); ++i) {
        out_.Range(Indexed(Cat(at, ".broker"), i), side->broker(i), 1, Brokers());
      }
      CheckPlaceOfRole(*side, at);
    }
  }

  void Required(const std::string& path, const std::string& text, sim::Duration min) {
    if (text.empty()) return out_.Missing(path, "", "wants a duration, as \"5s\"");
    out_.Duration(path, text, min);
  }

  void CheckPowerLoss(const proto::PowerLoss& loss, const std::string& path) {
    if (loss.domain() != proto::PowerLoss::ALL) {
      return CheckTarget(loss.has_of(), loss.of(), Cat(path, ".of"), Whom::kBroker);
    }
    if (loss.has_of()) out_.Wrong(Cat(path, ".of"), "", "ALL is every broker: nothing to name");
  }

  void CheckClockStep(const proto::ClockStep& step, const std::string& path) {
    CheckTarget(step.has_target(), step.target(), Cat(path, ".target"), Whom::kBroker);
    Required(Cat(path, ".by"), step.by(), sim::Seconds(-24 * 3600));
    if (ParseDuration(step.by()) == kZero) {
      out_.Wrong(Cat(path, ".by"), step.by(), "is no step");
    }
  }

  void CheckSlowDisk(const proto::SlowDisk& slow, const std::string& path) {
    CheckTarget(slow.has_target(), slow.target(), Cat(path, ".target"), Whom::kBroker);
    out_.Range(Cat(path, ".factor"), slow.factor(), 2, 100'000);
    Required(Cat(path, ".for"), slow.for_(), kTick);
  }

  void CheckElectLeaders(const proto::ElectLeaders& elect, const std::string& path) {
    CheckPlace(elect.topic(), elect.has_partition(), elect.partition(), path);
    if (!elect.has_partition() || !elect.topic().empty() || scenario_.topic_size() < 2) return;
    out_.Missing(Cat(path, ".partition"), std::to_string(elect.partition()),
                 "wants `topic` where there are several");
  }

  void CheckChangeSetting(const proto::ChangeSetting& change, const std::string& path) {
    CheckPlace(change.topic(), false, 0, path);
    if (!change.has_set()) {
      return out_.Missing(Cat(path, ".set"), "",
                          "wants a setting, as { key: \"min.insync.replicas\" value: \"1\" }");
    }
    const std::vector<std::string> names = ChangeableSettings(change.topic().empty());
    if (std::find(names.begin(), names.end(), change.set().key()) != names.end()) return;
    std::string all;
    for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
    out_.Wrong(Cat(path, ".set.key"), change.set().key(),
               Cat("is no setting that can be changed here: of ",
                   change.topic().empty() ? "the cluster " : "a topic ", all),
               NearestName(change.set().key(), names));
  }

  // How many the topic has before: what is declared, and what earlier faults of the file add.
  void CheckAddPartitions(const proto::AddPartitions& add, const std::string& path) {
    if (add.topic().empty() && scenario_.topic_size() > 1) {
      out_.Missing(Cat(path, ".topic"), "", "wants a topic where there are several");
    }
    CheckPlace(add.topic(), false, 0, path);
    if (add.total() == 0)
      return out_.Missing(Cat(path, ".total"), "", "wants how many it has then");
    out_.Range(Cat(path, ".total"), add.total(), 1, kPartitionsMax);
  }

  void CheckRollingRestart(const proto::RollingRestart& rolling, const std::string& path) {
    out_.Duration(Cat(path, ".down_for"), rolling.down_for(), kZero);
    out_.Duration(Cat(path, ".grace"), rolling.grace(), kTick, kDay);
    out_.Duration(Cat(path, ".between"), rolling.between(), kZero, kDay);
  }

  void CheckAct() {
    if (fault_.has_elect_leaders()) {
      return CheckElectLeaders(fault_.elect_leaders(), Cat(at_, ".elect_leaders"));
    }
    if (fault_.has_change_setting()) {
      return CheckChangeSetting(fault_.change_setting(), Cat(at_, ".change_setting"));
    }
    CheckAddPartitions(fault_.add_partitions(), Cat(at_, ".add_partitions"));
  }

  void CheckAction() {
    using Fault = proto::Fault;
    switch (fault_.action_case()) {
      case Fault::ACTION_NOT_SET:
        return out_.Missing(at_, "", "a fault wants an action: kill, stop, panic, power_loss, ...");
      case Fault::kKill:
        return CheckTarget(true, fault_.kill(), Cat(at_, ".kill"), Whom::kAnyProcess);
      case Fault::kStop:
        CheckTarget(true, fault_.stop(), Cat(at_, ".stop"), Whom::kAnyProcess);
        return out_.Duration(Cat(at_, ".stop.grace"), fault_.stop().grace(), kTick, kDay);
      case Fault::kPanic:
        return CheckTarget(true, fault_.panic(), Cat(at_, ".panic"), Whom::kBroker);
      case Fault::kPowerLoss:
        return CheckPowerLoss(fault_.power_loss(), Cat(at_, ".power_loss"));
      case Fault::kPause:
        CheckTarget(fault_.pause().has_target(), fault_.pause().target(), Cat(at_, ".pause.target"),
                    Whom::kAnyProcess);
        return Required(Cat(at_, ".pause.for"), fault_.pause().for_(), kTick);
      case Fault::kPartition:
        CheckSides(fault_.partition().from(), fault_.partition().to(), Cat(at_, ".partition"));
        return out_.Duration(Cat(at_, ".partition.heal_after"), fault_.partition().heal_after(),
                             kTick);
      case Fault::kLatencySpike:
        CheckSides(fault_.latency_spike().from(), fault_.latency_spike().to(),
                   Cat(at_, ".latency_spike"));
        Required(Cat(at_, ".latency_spike.extra"), fault_.latency_spike().extra(), kTick);
        return Required(Cat(at_, ".latency_spike.for"), fault_.latency_spike().for_(), kTick);
      case Fault::kSlowDisk:
        return CheckSlowDisk(fault_.slow_disk(), Cat(at_, ".slow_disk"));
      case Fault::kClockStep:
        return CheckClockStep(fault_.clock_step(), Cat(at_, ".clock_step"));
      case Fault::kRollingRestart:
        return CheckRollingRestart(fault_.rolling_restart(), Cat(at_, ".rolling_restart"));
      case Fault::kElectLeaders:
      case Fault::kChangeSetting:
      case Fault::kAddPartitions:
        return CheckAct();
    }
  }

  uint32_t Brokers() const {
    return scenario_.cluster().has_brokers() ? scenario_.cluster().brokers() : kBrokersDefault;
  }

  const proto::Scenario& scenario_;
  const proto::Fault& fault_;
  const std::string at_;
  Findings& out_;
};

}  // namespace

void CheckFaults(const proto::Scenario& scenario, Findings& out) {
  out.Range(Indexed("fault", kFaultsMax), scenario.fault_size(), 0, kFaultsMax);
  std::set<std::string> names;
  for (int i = 0; i < scenario.fault_size(); ++i) {
    FaultCheck(scenario, i, out).Run();
    const std::string& name = scenario.fault(i).name();
    if (!name.empty() && !names.insert(name).second) {
      out.Wrong(Cat(Indexed("fault", i), ".name"), name, "is the name of an earlier one");
    }
  }
}

}  // namespace loader
