// Brokers with their hosts, the controller, the network, and the topics with their replicas.
#include <algorithm>

#include "scenarios/bridge/to_setup.h"
#include "scenarios/bridge/to_setup_values.h"
#include "scenarios/kafka_config/text.h"
#include "scenarios/loader/check.h"

namespace bridge {
namespace {

using kafka_config::Cat;
using kafka_config::EffectiveSetting;

// Of leader.imbalance.check.interval.seconds: longer than any run.
constexpr int64_t kRebalanceMax = 1'000'000'000;

// The number of a place by its name: the first broker's is 0.
uint16_t NumberOf(const google::protobuf::RepeatedPtrField<std::string>& places, int index) {
  std::vector<std::string> seen;
  for (int i = 0; i <= index; ++i) {
    const auto found = std::find(seen.begin(), seen.end(), places[i]);
    if (i == index) return static_cast<uint16_t>(found - seen.begin());
    if (found == seen.end()) seen.push_back(places[i]);
  }
  return 0;
}

sim::StorageConfig StorageOf(const loader::proto::Host& host) {
  const bool xfs = host.file_system() == loader::proto::Host::XFS;
  sim::StorageConfig config =
      sim::DefaultStorage(xfs ? sim::FileSystemKind::kXfs : sim::FileSystemKind::kExt4);
  config.dirty_expire = loader::DurationOf(host.dirty_expire());
  config.dirty_writeback = loader::DurationOf(host.dirty_writeback());
  config.journal_commit = loader::DurationOf(host.journal_commit());
  config.memory_bytes = static_cast<uint64_t>(loader::SizeOf(host.memory()));
  config.dirty_background_bytes = config.memory_bytes / 100 * host.dirty_background_ratio();
  config.dirty_limit_bytes = config.memory_bytes / 100 * host.dirty_ratio();
  if (!host.flush_latency().empty()) {
    config.flush_latency = {
        {loader::DurationOf(host.flush_latency()), loader::DurationOf(host.flush_latency_max())}};
  }
  config.bandwidth_bytes_per_s = static_cast<uint64_t>(loader::SizeOf(host.bandwidth()));
  config.volatile_drive_cache = host.drive_cache() == loader::proto::Host::VOLATILE;
  config.power_loss_protection = host.drive_cache() == loader::proto::Host::PROTECTED;
  for (const int mode : host.harsher()) {
    config.hole |= mode == loader::proto::Host::HOLE;
    config.torn_sector |= mode == loader::proto::Host::TORN_SECTOR;
    config.missing_name |= mode == loader::proto::Host::MISSING_NAME;
  }
  return config;
}

kafka::BrokerSettings BrokerSettingsOf(const kafka_config::Configuration& configuration, int id) {
  const auto ms = [&](std::string_view name) {
    return MillisecondsOf(configuration.Broker(id, name));
  };
  const auto number = [&](std::string_view name) {
    return Unsigned32Of(configuration.Broker(id, name));
  };
  return {
      .replica_lag_time_max = ms("replica.lag.time.max.ms"),
      .replica_fetch_wait_max = ms("replica.fetch.wait.max.ms"),
      .replica_fetch_min_bytes = number("replica.fetch.min.bytes"),
      .replica_fetch_max_bytes = number("replica.fetch.max.bytes"),
      .replica_fetch_response_max_bytes = number("replica.fetch.response.max.bytes"),
      .replica_fetch_backoff = ms("replica.fetch.backoff.ms"),
      .replica_socket_timeout = ms("replica.socket.timeout.ms"),
      .high_watermark_checkpoint_interval = ms("replica.high.watermark.checkpoint.interval.ms"),
      .flush_scheduler_interval = ms("log.flush.scheduler.interval.ms"),
      .flush_offset_checkpoint_interval = ms("log.flush.offset.checkpoint.interval.ms"),
      .initial_task_delay = ms("log.initial.task.delay.ms"),
      .heartbeat_interval = ms("broker.heartbeat.interval.ms"),
      .session_timeout = ms("broker.session.timeout.ms"),
      .controlled_shutdown_enable = configuration.Broker(id, "controlled.shutdown.enable").Bool(),
      .num_io_threads = number("num.io.threads")};
}

sim::LatencyClass LinkOf(const loader::proto::Network& network, const std::string& latency) {
  return {.base = loader::DurationOf(latency),
          .table = network.tail() == loader::proto::Network::CONSTANT
                       ? sim::LinkLatency::Fixed()
                       : sim::LinkLatency::HeavyTail(),
          .bytes_per_second = static_cast<uint64_t>(loader::SizeOf(network.bandwidth()))};
}

sim::NetworkConfig NetworkOf(const loader::proto::Network& network) {
  using kafka::kBrokerHost, kafka::kClientHost, kafka::kControllerHost;
  sim::NetworkConfig config;
  // Whatever has no field of its own (a client's way to the store of offsets) is a client's link.
  config.classes.fill(LinkOf(network, network.client_to_broker()));
  config.Between(kBrokerHost, kBrokerHost) = LinkOf(network, network.between_brokers());
  const sim::LatencyClass to_controller = LinkOf(network, network.broker_to_controller());
  config.Between(kBrokerHost, kControllerHost) = to_controller;
  config.Between(kControllerHost, kBrokerHost) = to_controller;
  return config;
}

// Brokers so that neighbours stand in different racks as long as there are any: one of each rack in
// turn, as Kafka's placer goes round.
std::vector<kafka::BrokerId> RackByRack(const kafka::Setup& setup) {
  std::vector<std::vector<kafka::BrokerId>> racks;
  for (uint8_t i = 0; i < setup.brokers.size(); ++i) {
    const uint16_t rack = setup.brokers[i].rack;
    if (rack >= racks.size()) racks.resize(rack + 1u);
    racks[rack].push_back({i});
  }
  std::vector<kafka::BrokerId> order;
  for (size_t row = 0; order.size() < setup.brokers.size(); ++row) {
    for (const auto& rack : racks) {
      if (row < rack.size()) order.push_back(rack[row]);
    }
  }
  return order;
}

// The declared assignment with as many replicas as the replication factor in force asks for: a user
// may set another one than the scenario's. Further ones stand in racks that have none yet, if there
// are any.
std::vector<kafka::BrokerId> AssignedReplicas(const kafka::Setup& setup,
                                              const loader::proto::Assignment& assignment,
                                              uint32_t factor) {
  std::vector<kafka::BrokerId> replicas;
  for (const uint32_t id : assignment.replicas())
    replicas.push_back({static_cast<uint8_t>(id - 1)});
  if (replicas.size() > factor) replicas.resize(factor);
  const auto is_replica = [&](kafka::BrokerId broker) {
    return std::find(replicas.begin(), replicas.end(), broker) != replicas.end();
  };
  const auto has_rack = [&](kafka::BrokerId broker) {
    return std::any_of(replicas.begin(), replicas.end(), [&](kafka::BrokerId replica) {
      return setup.brokers[replica.value].rack == setup.brokers[broker.value].rack;
    });
  };
  for (const bool anywhere : {false, true}) {
    for (const kafka::BrokerId broker : RackByRack(setup)) {
      if (replicas.size() == factor) return replicas;
      if (!is_replica(broker) && (anywhere || !has_rack(broker))) replicas.push_back(broker);
    }
  }
  return replicas;
}

}  // namespace

std::vector<kafka::BrokerId> ReplicasInTurn(const kafka::Setup& setup, uint32_t factor) {
  std::vector<kafka::BrokerId> replicas;
  const std::vector<kafka::BrokerId> order = RackByRack(setup);
  const size_t start = setup.partitions.size();
  for (uint32_t i = 0; i < factor; ++i) replicas.push_back(order[(start + i) % order.size()]);
  return replicas;
}

namespace {

std::vector<kafka::BrokerId> ReplicasOf(const kafka::Setup& setup,
                                        const loader::proto::Topic& topic, uint32_t partition,
                                        uint32_t factor) {
  if (partition < static_cast<uint32_t>(topic.assignment_size())) {
    return AssignedReplicas(setup, topic.assignment(static_cast<int>(partition)), factor);
  }
  return ReplicasInTurn(setup, factor);
}

// The settings that no change of the cluster's touches.
uint8_t SetByTopic(const kafka_config::Configuration& configuration, const std::string& topic) {
  uint8_t own = 0;
  for (size_t i = 0; i < kafka::kTopicSettingNames.size(); ++i) {
    const kafka_config::Target target{kafka_config::Scope::kTopic, topic};
    const bool given = configuration.IsGiven(target, kafka::kTopicSettingNames[i]);
    if (given) own = static_cast<uint8_t>(own | 1u << i);
  }
  return own;
}

kafka::TopicSettings TopicSettingsOf(const kafka_config::Configuration& configuration,
                                     const std::string& topic, int broker_id) {
  const auto get = [&](std::string_view name) {
    return configuration.Topic(topic, name, broker_id);
  };
  return {.min_insync_replicas = static_cast<int32_t>(get("min.insync.replicas").Int64()),
          .unclean_leader_election = get("unclean.leader.election.enable").Bool(),
          .flush_messages = get("flush.messages").Int64(),
          .flush_interval = MillisecondsOf(get("flush.ms")),
          .max_message_bytes = Unsigned32Of(get("max.message.bytes"))};
}

// As each broker knows them; empty where that is one and the same.
std::vector<kafka::TopicSettings> SettingsOnBrokers(
    const kafka_config::Configuration& configuration, const std::string& topic,
    const kafka::TopicSettings& common) {
  std::vector<kafka::TopicSettings> on_brokers;
  for (int id = 1; id <= configuration.declared().brokers; ++id) {
    on_brokers.push_back(TopicSettingsOf(configuration, topic, id));
  }
  const auto count = static_cast<size_t>(std::count(on_brokers.begin(), on_brokers.end(), common));
  if (count == on_brokers.size()) on_brokers.clear();
  return on_brokers;
}

// Without partitions.
kafka::TopicSetup MadeTopic(const kafka_config::Configuration& configuration,
                            const std::string& name) {
  constexpr int kAnyBroker = kafka_config::Configuration::kAnyBroker;
  kafka::TopicSetup topic{.name = name,
                          .settings = TopicSettingsOf(configuration, name, kAnyBroker)};
  topic.own = SetByTopic(configuration, name);
  topic.on_brokers = SettingsOnBrokers(configuration, name, topic.settings);
  return topic;
}

// The user's own settings decide these two, so their limits show only here.
bool IsWithinLimits(const EffectiveSetting& setting, int64_t max, const std::string& topic,
                    const std::string& why, BuiltSetup& out) {
  if (setting.Int64() >= 1 && setting.Int64() <= max) return true;
  out.errors.push_back({.position = setting.origin.position,
                        .field = Cat("topic/", topic, ":", setting.name),
                        .value = setting.Text(),
                        .message = why});
  return false;
}

// Topics are in no properties file: what decides most comes first.
void AddAssumedCopies(const std::string& topic, const EffectiveSetting& factor,
                      const EffectiveSetting& count, BuiltSetup& out) {
  for (const EffectiveSetting* setting : {&factor, &count}) {
    if (setting->origin.kind != kafka_config::Origin::Kind::kAssumed) continue;
    out.assumed.push_back({.kind = Assumption::Kind::kTopicSetting,
                           .topic = topic,
                           .name = setting->name,
                           .value = setting->Text()});
  }
}

}  // namespace

void BuildCluster(const loader::LoadedScenario& loaded,
                  const kafka_config::Configuration& configuration, BuiltSetup& out) {
  const loader::proto::Cluster& cluster = loaded.scenario.cluster();
  const sim::StorageConfig storage = StorageOf(cluster.host());
  // Seen on a real cluster: 1.1 s to 1.7 s, where 1.2 s is said.
  const sim::Duration start = loader::DurationOf(cluster.host().process_start());
  for (int i = 0; i < static_cast<int>(cluster.brokers()); ++i) {
    out.setup.brokers.push_back({.name = Cat("broker-", std::to_string(i + 1)),
                                 .settings = BrokerSettingsOf(configuration, i + 1),
                                 .storage = storage,
                                 .rack = NumberOf(cluster.racks(), i),
                                 .room = NumberOf(cluster.rooms(), i),
                                 .start_up_min = start / 12 * 11,
                                 .start_up_max = start / 12 * 17});
  }
  for (const loader::proto::Broker& broker : cluster.broker()) {
    out.setup.brokers[broker.id() - 1].wall_offset = loader::DurationOf(broker.clock_offset());
  }
  // The controller reads the brokers' common settings.
  const auto of_all = [&](std::string_view name) {
    return configuration.Broker(kafka_config::Configuration::kAnyBroker, name);
  };
  const auto common = [&](std::string_view name) { return MillisecondsOf(of_all(name)); };
  out.setup.controller = {
      .elr = cluster.elr(),
      .append_linger = common("controller.quorum.append.linger.ms"),
      .metadata_delay_min = loader::DurationOf(cluster.controller().metadata_delay()),
      .metadata_delay_max = loader::DurationOf(cluster.controller().metadata_delay_max()),
      .unclean_election_interval = common("unclean.leader.election.interval.ms"),
      .leader_rebalance = of_all("auto.leader.rebalance.enable").Bool(),
      .rebalance_interval = sim::Seconds(
          std::min(of_all("leader.imbalance.check.interval.seconds").Int64(), kRebalanceMax))};
  out.setup.network = NetworkOf(loaded.scenario.network());
}

void BuildTopics(const loader::LoadedScenario& loaded,
                 const kafka_config::Configuration& configuration, BuiltSetup& out) {
  const auto brokers = static_cast<int64_t>(out.setup.brokers.size());
  bool placed = false;
  bool extended = false;
  for (const loader::proto::Topic& topic : loaded.scenario.topic()) {
    const EffectiveSetting factor = configuration.Topic(topic.name(), "replication.factor");
    const EffectiveSetting count = configuration.Topic(topic.name(), "partitions");
    const int64_t room =
        int64_t{loader::kPartitionsMax} - static_cast<int64_t>(out.setup.partitions.size());
    const bool fits =
        IsWithinLimits(
            factor, brokers, topic.name(),
            Cat("is not in 1..", std::to_string(brokers), ", the brokers of the cluster"), out) &&
        IsWithinLimits(count, room, topic.name(),
                       Cat("partitions are too many: the limit is ",
                           std::to_string(loader::kPartitionsMax), " over all topics"),
                       out);
    if (!fits) continue;
    const kafka::TopicId id{static_cast<uint16_t>(out.setup.topics.size())};
    kafka::TopicSetup added = MadeTopic(configuration, topic.name());
    for (int64_t i = 0; i < count.Int64(); ++i) {
      added.partitions.push_back({static_cast<uint16_t>(out.setup.partitions.size())});
      out.setup.partitions.push_back(
          {.topic = id,
           .index = static_cast<uint16_t>(i),
           .replicas = ReplicasOf(out.setup, topic, static_cast<uint32_t>(i),
                                  static_cast<uint32_t>(factor.Int64()))});
    }
    AddAssumedCopies(topic.name(), factor, count, out);
    placed = placed || topic.assignment().empty();
    extended = extended || (!topic.assignment().empty() &&
                            factor.Int64() > topic.assignment(0).replicas_size());
    out.setup.topics.push_back(std::move(added));
  }
  if (placed) out.assumed.push_back({.kind = Assumption::Kind::kPlacement});
  if (extended) out.assumed.push_back({.kind = Assumption::Kind::kFurtherReplicas});
}

}  // namespace bridge
