#include "tools/analysis/causes_text.h"

#include <algorithm>
#include <map>

#include "model/kafka/targets.h"
#include "tools/answers/names.h"
#include "tools/render/trace.h"

namespace analysis {
namespace {

// Who led each partition when a fault struck.
class LeaderWatcher : public kafka::RunWatcher {
 public:
  void OnEvent(const sim::NoteHeader&, std::span<const sim::Note> notes,
               const kafka::World& world) override {
    for (const sim::Note& note : notes) {
      if (note.kind != sim::kNoteFaultFired) continue;
      std::vector<kafka::BrokerId>& leaders = leaders_[static_cast<uint16_t>(note.subject)];
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

std::string KindText(sim::FaultKind kind) {
  switch (kind) {
    case sim::FaultKind::kKill:
      return "kill";
    case sim::FaultKind::kStop:
      return "orderly stop";
    case sim::FaultKind::kPanic:
      return "kernel panic";
    case sim::FaultKind::kPowerLoss:
      return "power loss";
    case sim::FaultKind::kPause:
      return "pause";
    case sim::FaultKind::kPartition:
      return "network partition";
    case sim::FaultKind::kLatencySpike:
      return "latency spike";
    case sim::FaultKind::kSlowDisk:
      return "slow disk";
    case sim::FaultKind::kClockStep:
      return "clock step";
  }
  return "fault";
}

std::vector<std::string> MetBy(const Case& base, const sim::RealisedFault& fault) {
  std::vector<std::string> names;
  for (const sim::MachineId machine : fault.machines) {
    names.push_back(answers::NameOfMachine(base.setup(), machine));
  }
  if (!names.empty()) return names;
  for (const sim::HostId host : fault.hosts)
    names.push_back(answers::NameOfHost(base.setup(), host));
  return names;
}

std::string WhomText(const Case& base, const std::vector<std::string>& names) {
  const size_t brokers = base.setup().brokers.size();
  const bool all = brokers > 1 && names.size() == brokers &&
                   std::all_of(names.begin(), names.end(),
                               [](const std::string& name) { return name.starts_with("broker-"); });
  return all ? "all brokers" : Listed(names);
}

std::string TextOf(const Case& base, const sim::RealisedFault& fault, const LeaderWatcher& leaders,
                   kafka::PartitionId partition) {
  const sim::FaultKind kind = base.faults[fault.plan].kind;
  const std::vector<std::string> met = MetBy(base, fault);
  std::string text = "the " + KindText(kind) + " of " + WhomText(base, met);
  if (!fault.peers.empty()) {
    std::vector<std::string> peers;
    for (const sim::HostId host : fault.peers)
      peers.push_back(answers::NameOfHost(base.setup(), host));
    text += kind == sim::FaultKind::kPartition ? " from " : " to ";
    text += peers.size() > 3 ? "everybody else" : WhomText(base, peers);
  }
  if (met.size() != 1 || !partition.exists()) return text;
  const kafka::BrokerId leader = leaders.LeaderAt(fault.plan, partition);
  if (!leader.exists() || base.setup().brokers[leader.value].name != met.front()) return text;
  return text + ", leader of " + answers::NameOfPartition(base.setup(), partition);
}

int RankOf(const Story& story, const DeclaredFault& declared) {
  for (size_t i = 0; i < story.faults_in_chain.size(); ++i) {
    const auto& planned = declared.planned;
    if (std::find(planned.begin(), planned.end(), story.faults_in_chain[i]) != planned.end()) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

std::vector<DeclaredFault> DeclaredFaults(const Case& base) {
  const loader::proto::Scenario& scenario = base.prepared.scenario.scenario;
  std::vector<DeclaredFault> declared(static_cast<size_t>(scenario.fault_size()));
  for (int i = 0; i < scenario.fault_size(); ++i) {
    const std::string& name = scenario.fault(i).name();
    declared[static_cast<size_t>(i)].name = name.empty() ? std::to_string(i) : name;
  }
  for (uint16_t i = 0; i < base.faults.size(); ++i) {
    DeclaredFault& fault = declared[base.prepared.built.fault_of[i]];
    fault.planned.push_back(i);
    fault.kind = base.faults[i].kind;
  }
  return declared;
}

}  // namespace

std::string Listed(const std::vector<std::string>& things) {
  std::string text;
  for (size_t i = 0; i < things.size(); ++i) {
    if (i > 0) text += i + 1 == things.size() ? " and " : ", ";
    text += things[i];
  }
  return text;
}

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
  for (DeclaredFault& declared : names.faults) {
    declared.rank = RankOf(story, declared);
    for (const sim::RealisedFault& fired : base.outcome.realised) {
      const auto& planned = declared.planned;
      if (std::find(planned.begin(), planned.end(), fired.plan) == planned.end()) continue;
      if (!declared.fired) declared.text = TextOf(base, fired, leaders, names.partition);
      declared.fired = true;
    }
    if (declared.planned.size() > 1) declared.text = "the rolling restart";
  }
  return names;
}

std::string ValueInForce(const Case& base, const CaseNames& names, const std::string& scope,
                         const std::string& setting) {
  const kafka_config::Configuration& configuration = base.prepared.configuration;
  const auto value = [&] {
    if (scope == "producer") return configuration.Producer(names.producer, setting);
    if (scope == "consumer") return configuration.Consumer(names.consumer, setting);
    if (scope == "topic") return configuration.Topic(names.topic, setting);
    return configuration.Broker(kafka_config::Configuration::kAnyBroker, setting);
  }();
  std::string text = value.Text();
  if (setting == "acks" && text == "-1") text = "all";
  const bool never = text == std::to_string(INT64_MAX);
  return scope + ":" + setting + "=" + (value.IsNull() || never ? "unset" : text);
}

}  // namespace analysis
