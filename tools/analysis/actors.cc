#include "tools/analysis/actors.h"

#include <span>

#include "tools/answers/names.h"

namespace analysis {
namespace {

using answers::Actor;
using kafka::BrokerId;
using kafka::explain::Inquiry;

Actor Named(Actor::Kind kind, uint32_t number, const std::string& name) {
  Actor actor;
  actor.set_kind(kind);
  actor.set_number(number);
  actor.set_name(name);
  return actor;
}

answers::Hosts HostsOf(const kafka::Setup& setup, std::span<const sim::HostId> hosts) {
  answers::Hosts out;
  for (const sim::HostId host : hosts) {
    const BrokerId broker = kafka::ledger::BrokerOfHost(setup, host);
    if (broker.exists()) {
      *out.add_brokers() = ActorOf(setup, broker);
    } else if (host.value == 0) {
      out.set_controller(true);
    } else {
      out.set_clients(true);
    }
  }
  const auto met = static_cast<size_t>(out.brokers_size());
  out.set_all_brokers(met == setup.brokers.size() && met > 1);
  return out;
}

bool IsOfClientsAlone(const answers::Hosts& hosts) {
  return hosts.clients() && !hosts.controller() && hosts.brokers().empty();
}

}  // namespace

Actor ActorOf(const kafka::Setup& setup, sim::MachineId machine) {
  if (!machine.exists()) return {};
  const std::string name = answers::NameOfMachine(setup, machine);
  if (machine == kafka::kControllerMachine) return Named(Actor::CONTROLLER, 0, name);
  if (machine == kafka::kOffsetStoreMachine) return Named(Actor::OFFSET_STORE, 0, name);
  const BrokerId broker = BrokerAt(setup, machine);
  if (broker.exists()) return ActorOf(setup, broker);
  for (uint16_t i = 0; i < setup.producers.size(); ++i) {
    if (MachineOf(setup, kafka::ProducerIndex{i}) == machine)
      return Named(Actor::PRODUCER, i, name);
  }
  for (uint16_t i = 0; i < setup.consumers.size(); ++i) {
    if (MachineOf(setup, kafka::ConsumerIndex{i}) == machine)
      return Named(Actor::CONSUMER, i, name);
  }
  return {};
}

Actor ActorOf(const kafka::Setup& setup, BrokerId broker) {
  if (!broker.exists() || broker.value >= setup.brokers.size()) return {};
  return Named(Actor::BROKER, static_cast<uint32_t>(broker.node_id()),
               setup.brokers[broker.value].name);
}

Actor ActorOf(const kafka::Setup& setup, kafka::ConsumerIndex consumer) {
  if (consumer.value >= setup.consumers.size()) return {};
  return Named(Actor::CONSUMER, consumer.value, setup.consumers[consumer.value].name);
}

Actors ActorsOf(const kafka::Setup& setup, kafka::BrokerSet brokers) {
  Actors actors;
  for (uint8_t i = 0; i < setup.brokers.size(); ++i) {
    if (brokers.contains({i})) *actors.Add() = ActorOf(setup, BrokerId{i});
  }
  return actors;
}

NodeIds NodeIdsOf(kafka::BrokerSet brokers) {
  NodeIds ids;
  for (uint8_t i = 0; i < kafka::kMaxBrokers; ++i) {
    if (brokers.contains({i})) ids.Add(static_cast<uint32_t>(BrokerId{i}.node_id()));
  }
  return ids;
}

uint64_t GraceOf(const sim::PlannedFault& fault) {
  return fault.grace < sim::kForever ? static_cast<uint64_t>(fault.grace.ns) : 0;
}

answers::OperatorAct ActOf(const kafka::Setup& setup, const sim::PlannedFault& fault) {
  using answers::OperatorAct;
  using kafka::TopicSetting;
  const kafka::Act& act = setup.acts[fault.order];
  OperatorAct out;
  if (act.topic.exists()) out.set_of(setup.topics[act.topic.value].name);
  if (act.partition.exists()) out.set_of(answers::NameOfPartition(setup, act.partition));
  switch (act.kind) {
    case kafka::Act::Kind::kElectLeaders:
      out.set_kind(act.unclean ? OperatorAct::UNCLEAN_LEADERS : OperatorAct::PREFERRED_LEADERS);
      break;
    case kafka::Act::Kind::kChangeSetting: {
      out.set_kind(OperatorAct::SETTING);
      out.set_setting(kafka::NameOf(act.setting));
      const bool is_time = act.setting == TopicSetting::kFlushInterval;
      out.set_value(std::to_string(is_time ? act.value / 1'000'000 : act.value));
      if (act.setting == TopicSetting::kUncleanLeaderElection) {
        out.set_value(act.value != 0 ? "true" : "false");
      }
      break;
    }
    case kafka::Act::Kind::kAddPartitions:
      out.set_kind(OperatorAct::PARTITIONS);
      out.set_partitions(static_cast<uint32_t>(act.value));
      break;
  }
  return out;
}

answers::StruckFault StruckFaultOf(const Inquiry& its, uint16_t plan_index) {
  answers::StruckFault out;
  out.set_number(plan_index);
  out.set_kind(AnswerOf(its.plan[plan_index].kind));
  if (its.plan[plan_index].kind == sim::FaultKind::kOrder) {
    *out.mutable_act() = ActOf(its.setup(), its.plan[plan_index]);
  }
  const sim::RealisedFault* fault = its.Realised(plan_index);
  out.set_grace_ns(GraceOf(its.plan[plan_index]));
  out.set_empty_disk(its.plan[plan_index].wipe);
  out.set_struck(fault != nullptr);
  if (fault == nullptr) return out;
  const kafka::Setup& setup = its.setup();
  *out.mutable_hosts() = HostsOf(setup, {fault->hosts.begin(), fault->hosts.end()});
  if (!fault->peers.empty()) {
    *out.mutable_peers() = HostsOf(setup, {fault->peers.begin(), fault->peers.end()});
  }
  out.set_of_leader(fault->hosts.size() == 1 &&
                    kafka::ledger::BrokerOfHost(setup, fault->hosts[0]) ==
                        its.LeaderAt(fault->event));
  if (!fault->machines.empty() && IsOfClientsAlone(out.hosts())) {
    *out.mutable_process() = ActorOf(setup, fault->machines[0]);
  }
  return out;
}

}  // namespace analysis
