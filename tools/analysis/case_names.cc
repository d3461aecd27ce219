#include "tools/analysis/case_names.h"

#include <algorithm>
#include <map>

#include "tools/analysis/actors.h"
#include "tools/analysis/words.h"
#include "tools/answers/names.h"

namespace analysis {
namespace {

using kafka_config::Scope;

// Who led each partition when a fault struck.
class LeaderWatcher : public kafka::RunWatcher {
 public:
  void OnEvent(const sim::NoteHeader&, std::span<const sim::Note> notes,
               const kafka::World& world) override {
    for (const sim::Note& note : notes) {
      const auto fired = note.If<sim::notes::FaultFired>();
      if (!fired) continue;
      std::vector<kafka::BrokerId>& leaders = leaders_[static_cast<uint16_t>(fired->number)];
      for (uint16_t i = 0; i < world.config->partitions.size(); ++i) {
        leaders.push_back(world.observer.truth.LastLeader({i}));
      }
    }
  }
  kafka::BrokerId LeaderAt(uint16_t fault, kafka::PartitionId partition) const {
    const auto found = leaders_.find(fault);
    if (found == leaders_.end() || partition.value >= found->second.size()) {
      return kafka::BrokerId::None();
    }
    return found->second[partition.value];
  }

 private:
  std::map<uint16_t, std::vector<kafka::BrokerId>> leaders_;
};

bool AreAllBrokers(const kafka::Setup& setup, const answers::DeclaredFault::Side& side) {
  const auto count = static_cast<int>(setup.brokers.size());
  return count > 1 && side.names_size() == count &&
         std::all_of(side.names().begin(), side.names().end(), [&](const std::string& name) {
           return std::any_of(setup.brokers.begin(), setup.brokers.end(),
                              [&](const auto& broker) { return broker.name == name; });
         });
}

template <typename Hosts>
void AddHosts(const kafka::Setup& setup, const Hosts& hosts, answers::DeclaredFault::Side& side) {
  side.set_are_hosts(true);
  for (const sim::HostId host : hosts) side.add_names(answers::NameOfOwner(setup, host));
  side.set_all_brokers(AreAllBrokers(setup, side));
}

// Whom the fault met, and of links whom on the other side.
void FillSides(const Case& base, const sim::RealisedFault& fault, answers::DeclaredFault& out) {
  const kafka::Setup& setup = base.setup();
  answers::DeclaredFault::Side& met = *out.mutable_met();
  for (const sim::MachineId machine : fault.machines) {
    met.add_names(answers::NameOfMachine(setup, machine));
  }
  met.set_all_brokers(AreAllBrokers(setup, met));
  if (met.names().empty()) AddHosts(setup, fault.hosts, met);
  if (!fault.peers.empty()) AddHosts(setup, fault.peers, *out.mutable_peers());
}

void FillFault(const Case& base, const sim::RealisedFault& fault, const LeaderWatcher& leaders,
               kafka::PartitionId partition, answers::DeclaredFault& out) {
  FillSides(base, fault, out);
  if (out.met().names_size() != 1 || out.met().are_hosts() || !partition.exists()) return;
  const kafka::BrokerId leader = leaders.LeaderAt(fault.plan, partition);
  if (!leader.exists() || base.setup().brokers[leader.value].name != out.met().names(0)) return;
  out.set_led(answers::NameOfPartition(base.setup(), partition));
}

int RankOf(const Story& story, const NamedFault& declared) {
  for (size_t i = 0; i < story.faults_in_chain.size(); ++i) {
    const auto& planned = declared.planned;
    if (std::find(planned.begin(), planned.end(), story.faults_in_chain[i]) != planned.end()) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

std::vector<NamedFault> DeclaredFaults(const Case& base) {
  const loader::proto::Scenario& scenario = base.prepared.scenario.scenario;
  std::vector<NamedFault> declared(static_cast<size_t>(scenario.fault_size()));
  for (int i = 0; i < scenario.fault_size(); ++i) {
    const std::string& name = scenario.fault(i).name();
    answers::DeclaredFault& answer = declared[static_cast<size_t>(i)].answer;
    answer.set_index(static_cast<uint32_t>(i));
    answer.set_name(name.empty() ? std::to_string(i) : name);
  }
  for (uint16_t i = 0; i < base.faults.size(); ++i) {
    NamedFault& fault = declared[base.prepared.built.fault_of[i]];
    fault.planned.push_back(i);
    fault.answer.set_kind(AnswerOf(base.faults[i].kind));
    fault.answer.set_rolling_restart(fault.planned.size() > 1);
    fault.answer.set_grace_ns(GraceOf(base.faults[i]));
    fault.answer.set_empty_disk(base.faults[i].wipe);
    if (base.faults[i].kind == sim::FaultKind::kOrder) {
      *fault.answer.mutable_act() = ActOf(base.setup(), base.faults[i]);
    }
  }
  return declared;
}

// The declared fault that has this number of the plan.
const answers::DeclaredFault& DeclaredOf(const CaseNames& names, uint16_t planned) {
  const auto found =
      std::find_if(names.faults.begin(), names.faults.end(), [&](const NamedFault& fault) {
        return std::find(fault.planned.begin(), fault.planned.end(), planned) !=
               fault.planned.end();
      });
  return found->answer;
}

struct ChangeFiller {
  const CaseNames& names;
  answers::Change& out;

  void operator()(const SettingChange& change) const {
    answers::SettingValue& setting = *out.mutable_setting();
    setting.set_scope(std::string(kafka_config::ScopeName(change.scope)));
    setting.set_name(change.name);
    setting.set_value(change.value);
  }
  void operator()(const ElrOn&) const { out.set_elr_on(true); }
  void operator()(const CallbackAdded&) const { out.set_callback_added(true); }
  void operator()(const CommitAfter&) const { out.set_commit_after(true); }
  void operator()(const BugRemoved& change) const { out.set_bug_removed(AnswerOf(change.bug)); }
  void operator()(const OwnRacks&) const { out.set_own_racks(true); }
  void operator()(const FaultLeftOut& change) const {
    *out.mutable_fault_left_out() = DeclaredOf(names, change.planned.front());
  }
  void operator()(const FaultMoved& change) const {
    *out.mutable_fault_moved()->mutable_fault() = DeclaredOf(names, change.planned);
    out.mutable_fault_moved()->set_later_ns(static_cast<uint64_t>(change.later.ns));
  }
  void operator()(const OrderlyInstead& change) const {
    *out.mutable_orderly_instead() = DeclaredOf(names, change.planned);
  }
};

}  // namespace

CaseNames NamesOf(const Case& base, const Story& story, kafka::Runner& runner) {
  LeaderWatcher leaders;
  kafka::RunOutcome outcome;
  runner.Run(base.request(), outcome, &leaders);
  const kafka::World& world = runner.world();
  CaseNames names;
  const kafka::Message& message = world.tables[story.message];
  const kafka::ProducerSetup& producer = base.setup().producers[message.producer.value];
  names.producer = producer.name.substr(producer.name.find('/') + 1);
  names.topic = base.setup().topics[producer.program.topic.value].name;
  names.partition = message.partition;
  for (uint16_t i = 0; i < base.setup().consumers.size() && names.consumer.empty(); ++i) {
    if (!names.partition.exists() || !base.setup().Reads({i}, names.partition)) continue;
    const std::string& consumer = base.setup().consumers[i].name;
    names.consumer = consumer.substr(consumer.find('/') + 1);
  }
  names.faults = DeclaredFaults(base);
  for (NamedFault& declared : names.faults) {
    declared.rank = RankOf(story, declared);
    for (const sim::RealisedFault& fired : base.outcome.realised) {
      const auto& planned = declared.planned;
      if (std::find(planned.begin(), planned.end(), fired.plan) == planned.end()) continue;
      if (!declared.fired) {
        FillFault(base, fired, leaders, names.partition, declared.answer);
      }
      declared.fired = true;
    }
  }
  return names;
}

kafka_config::EffectiveSetting InForce(const Case& base, const CaseNames& names, Scope scope,
                                       const std::string& setting) {
  const kafka_config::Configuration& configuration = base.prepared.configuration;
  if (scope == Scope::kProducer) return configuration.Producer(names.producer, setting);
  if (scope == Scope::kConsumer) return configuration.Consumer(names.consumer, setting);
  if (scope == Scope::kTopic) return configuration.Topic(names.topic, setting);
  return configuration.Broker(kafka_config::Configuration::kAnyBroker, setting);
}

answers::SettingValue ValueInForce(const Case& base, const CaseNames& names, Scope scope,
                                   const std::string& setting) {
  const kafka_config::EffectiveSetting value = InForce(base, names, scope, setting);
  const std::string& text = value.Text();
  answers::SettingValue out;
  out.set_scope(std::string(kafka_config::ScopeName(scope)));
  out.set_name(setting);
  out.set_unset(value.IsNull() || text == std::to_string(INT64_MAX));
  if (!out.unset()) out.set_value(setting == "acks" && text == "-1" ? "all" : text);
  return out;
}

answers::Change AnswerOf(const Change& change, const CaseNames& names) {
  answers::Change out;
  std::visit(ChangeFiller{names, out}, change);
  return out;
}

answers::ChangeList AnswerOf(const ChangeSet& changes, const CaseNames& names) {
  answers::ChangeList out;
  for (const Change& change : changes) *out.add_changes() = AnswerOf(change, names);
  return out;
}

}  // namespace analysis
