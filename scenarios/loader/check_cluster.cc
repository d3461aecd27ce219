// What stands: cluster, network, topics, and the programs around them.
#include <algorithm>
#include <set>

#include "scenarios/kafka_config/text.h"
#include "scenarios/loader/check.h"
#include "scenarios/loader/units.h"

namespace loader {
namespace {

constexpr int64_t kTiB = int64_t{1} << 40;
constexpr sim::Duration kHundredth = sim::Milliseconds(10);
constexpr std::string_view kLinuxCounts = "Linux counts in hundredths of a second";

uint32_t Brokers(const proto::Scenario& scenario) {
  return scenario.cluster().has_brokers() ? scenario.cluster().brokers() : kBrokersDefault;
}

// Kafka's own rule for names of topics, which serves for programs too.
bool IsKafkaName(std::string_view name) {
  if (name.empty() || name.size() > 249 || name == "." || name == "..") return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

void CheckName(const std::string& name, const std::string& path, std::set<std::string>& seen,
               Findings& out) {
  if (name.empty()) return out.Missing(path, "", "wants a name");
  if (!IsKafkaName(name)) return out.Wrong(path, name, "may hold a-z, A-Z, 0-9, '.', '_' and '-'");
  if (!seen.insert(name).second) out.Wrong(path, name, "is the name of an earlier one");
}

// Of a sum over several elements, at the first one with which it is too much.
void CheckTotal(uint64_t total, uint64_t max, const std::string& path, uint64_t own,
                Findings& out) {
  if (total <= max || total - own > max) return;
  out.Wrong(path, std::to_string(own),
            kafka_config::Cat("makes ", std::to_string(total), " in all, the limit is ",
                              std::to_string(max)));
}

void CheckPlaces(const google::protobuf::RepeatedPtrField<std::string>& places, uint32_t brokers,
                 std::string_view path, Findings& out) {
  if (places.empty()) return;
  if (static_cast<uint32_t>(places.size()) != brokers) {
    out.Missing(Indexed(path, 0), std::to_string(places.size()),
                kafka_config::Cat("names, but there are ", std::to_string(brokers), " brokers"));
  }
  for (int i = 0; i < places.size(); ++i) {
    if (!IsKafkaName(places[i])) out.Wrong(Indexed(path, i), places[i], "is no name");
  }
}

void CheckHost(const proto::Host& host, Findings& out) {
  const sim::Duration hour = sim::Seconds(3600);
  out.Duration("cluster.host.dirty_expire", host.dirty_expire(), kHundredth, kDay, kLinuxCounts);
  // Zero switches the flusher off in Linux.
  if (ParseDuration(host.dirty_writeback()) != kZero) {
    out.Duration("cluster.host.dirty_writeback", host.dirty_writeback(), kHundredth, kDay,
                 "Linux counts in hundredths of a second, and 0s switches the flusher off");
  }
  out.Duration("cluster.host.journal_commit", host.journal_commit(), kHundredth, hour,
               "a journal that commits more often does nothing else");
  out.Size("cluster.host.memory", host.memory(), 64 << 20, 64 * kTiB);
  if (host.has_dirty_background_ratio()) {
    out.Range("cluster.host.dirty_background_ratio", host.dirty_background_ratio(), 1, 100);
  }
  if (host.has_dirty_ratio()) out.Range("cluster.host.dirty_ratio", host.dirty_ratio(), 1, 100);
  out.Duration("cluster.host.flush_latency", host.flush_latency(), kZero, kLatencyMax);
  out.Duration("cluster.host.flush_latency_max", host.flush_latency_max(), kZero, kLatencyMax);
  out.Ordered("cluster.host.flush_latency", host.flush_latency(), "cluster.host.flush_latency_max",
              host.flush_latency_max());
  if (host.has_dirty_ratio() && host.has_dirty_background_ratio() &&
      host.dirty_background_ratio() > host.dirty_ratio()) {
    out.Wrong("cluster.host.dirty_background_ratio", std::to_string(host.dirty_background_ratio()),
              "exceeds dirty_ratio: writers would be held before write-back begins");
  }
  out.Size("cluster.host.bandwidth", host.bandwidth(), 1024, kTiB);
  out.Duration("cluster.host.process_start", host.process_start(), kZero, hour);
}

void CheckNetwork(const proto::Network& network, Findings& out) {
  const auto latency = [&](std::string_view path, const std::string& text) {
    out.Duration(path, text, sim::Microseconds(1), kLatencyMax,
                 "no network is faster, and what two machines ask each other would fill the run");
  };
  latency("network.between_brokers", network.between_brokers());
  latency("network.client_to_broker", network.client_to_broker());
  latency("network.broker_to_controller", network.broker_to_controller());
  out.Size("network.bandwidth", network.bandwidth(), 1024, kTiB);
}

void CheckAssignment(const proto::Topic& topic, uint32_t brokers, const std::string& at,
                     Findings& out) {
  if (topic.assignment().empty()) return;
  const auto count = static_cast<uint32_t>(topic.assignment_size());
  if (topic.has_partitions() && topic.partitions() != count) {
    out.Missing(kafka_config::Cat(at, ".assignment[0]"), std::to_string(count),
                kafka_config::Cat("assignments, but there are ", std::to_string(topic.partitions()),
                                  " partitions: none, or one for each"));
  }
  for (int i = 0; i < topic.assignment_size(); ++i) {
    const std::string path = kafka_config::Cat(at, ".", Indexed("assignment", i), ".replicas");
    const auto& replicas = topic.assignment(i).replicas();
    if (replicas.empty()) out.Missing(path, "", "an assignment lists brokers");
    if (topic.has_replication_factor() && !replicas.empty() &&
        static_cast<uint32_t>(replicas.size()) != topic.replication_factor()) {
      out.Missing(path, std::to_string(replicas.size()),
                  kafka_config::Cat("replicas, but replication_factor is ",
                                    std::to_string(topic.replication_factor())));
    }
    std::set<uint32_t> seen;
    for (int k = 0; k < replicas.size(); ++k) {
      out.Range(Indexed(path, k), replicas[k], 1, brokers);
      if (!seen.insert(replicas[k]).second) {
        out.Wrong(Indexed(path, k), std::to_string(replicas[k]), "stands twice");
      }
    }
  }
}

void CheckTopics(const proto::Scenario& scenario, Findings& out) {
  const uint32_t brokers = Brokers(scenario);
  if (scenario.topic().empty()) out.Missing("topic", "", "a scenario wants a topic");
  out.Range(Indexed("topic", kTopicsMax), scenario.topic_size(), 0, kTopicsMax);
  std::set<std::string> names;
  uint64_t partitions = 0;
  for (int i = 0; i < scenario.topic_size(); ++i) {
    const proto::Topic& topic = scenario.topic(i);
    const std::string at = Indexed("topic", i);
    CheckName(topic.name(), kafka_config::Cat(at, ".name"), names, out);
    if (topic.has_partitions()) {
      out.Range(kafka_config::Cat(at, ".partitions"), topic.partitions(), 1, kPartitionsMax);
      partitions += topic.partitions();
      CheckTotal(partitions, kPartitionsMax, kafka_config::Cat(at, ".partitions"),
                 topic.partitions(), out);
    }
    if (topic.has_replication_factor() && topic.replication_factor() == 0) {
      out.Wrong(kafka_config::Cat(at, ".replication_factor"), "0", "a partition wants a replica");
    } else if (topic.replication_factor() > brokers && brokers >= 1) {
      out.Wrong(
          kafka_config::Cat(at, ".replication_factor"), std::to_string(topic.replication_factor()),
          kafka_config::Cat("exceeds the ", std::to_string(brokers), " brokers of the cluster"));
    }
    CheckAssignment(topic, brokers, at, out);
    CheckSettings(topic.config(), kafka_config::Cat(at, ".config"), out);
  }
}

// A program's topic: named, or the only one there is. Null if it has none.
const proto::Topic* CheckTopicOf(const proto::Scenario& scenario, const std::string& topic,
                                 const std::string& at, Findings& out) {
  if (topic.empty()) {
    if (scenario.topic_size() > 1) {
      out.Missing(kafka_config::Cat(at, ".topic"), "", "say which: there is more than one topic");
    }
    return scenario.topic_size() == 1 ? &scenario.topic(0) : nullptr;
  }
  std::vector<std::string> names;
  for (const proto::Topic& declared : scenario.topic()) {
    if (declared.name() == topic) return &declared;
    names.push_back(declared.name());
  }
  out.Missing(kafka_config::Cat(at, ".topic"), topic, "is no topic of this scenario",
              NearestName(topic, names));
  return nullptr;
}

void CheckProducer(const proto::Scenario& scenario, const proto::Producer& producer,
                   const std::string& at, Findings& out) {
  const proto::Topic* topic = CheckTopicOf(scenario, producer.topic(), at, out);
  CheckSettings(producer.config(), kafka_config::Cat(at, ".config"), out);
  out.Range(kafka_config::Cat(at, ".messages"), producer.messages(), 0, kMessagesMax);
  if (producer.has_rate_per_s()) {
    out.Range(kafka_config::Cat(at, ".rate_per_s"), producer.rate_per_s(), 1, 1'000'000);
  }
  if (producer.has_size()) out.Range(kafka_config::Cat(at, ".size"), producer.size(), 1, kSizeMax);
  if (producer.has_keys())
    out.Range(kafka_config::Cat(at, ".keys"), producer.keys(), 1, kMessagesMax);
  if (producer.has_partition() && topic != nullptr && topic->has_partitions() &&
      producer.partition() >= topic->partitions()) {
    out.Wrong(kafka_config::Cat(at, ".partition"), std::to_string(producer.partition()),
              kafka_config::Cat("topic ", topic->name(), " has the partitions 0..",
                                std::to_string(int64_t{topic->partitions()} - 1)));
  }
  if (producer.has_partition() && producer.partition() >= kPartitionsMax) {
    out.Range(kafka_config::Cat(at, ".partition"), producer.partition(), 0, kPartitionsMax - 1);
  }
  out.Duration(kafka_config::Cat(at, ".start_after"), producer.start_after(), kZero);
}

}  // namespace

void CheckCluster(const proto::Scenario& scenario, Findings& out) {
  const proto::Cluster& cluster = scenario.cluster();
  const uint32_t brokers = Brokers(scenario);
  out.Range("cluster.brokers", brokers, 1, kBrokersMax);
  CheckPlaces(cluster.racks(), brokers, "cluster.racks", out);
  CheckPlaces(cluster.rooms(), brokers, "cluster.rooms", out);
  CheckSettings(cluster.config(), "cluster.config", out);
  std::set<uint32_t> ids;
  for (int i = 0; i < cluster.broker_size(); ++i) {
    const std::string at = Indexed("cluster.broker", i);
    const proto::Broker& broker = cluster.broker(i);
    out.Range(kafka_config::Cat(at, ".id"), broker.id(), 1, brokers);
    if (!ids.insert(broker.id()).second) {
      out.Wrong(kafka_config::Cat(at, ".id"), std::to_string(broker.id()), "stands twice");
    }
    CheckSettings(broker.config(), kafka_config::Cat(at, ".config"), out);
    out.Duration(kafka_config::Cat(at, ".clock_offset"), broker.clock_offset(),
                 sim::Seconds(-24 * 3600));
  }
  CheckHost(cluster.host(), out);
  const proto::Controller& controller = cluster.controller();
  out.Duration("cluster.controller.metadata_delay", controller.metadata_delay(), kZero,
               kLatencyMax);
  out.Duration("cluster.controller.metadata_delay_max", controller.metadata_delay_max(), kZero,
               kLatencyMax);
  out.Ordered("cluster.controller.metadata_delay", controller.metadata_delay(),
              "cluster.controller.metadata_delay_max", controller.metadata_delay_max());
  CheckNetwork(scenario.network(), out);
  CheckTopics(scenario, out);
}

void CheckPrograms(const proto::Scenario& scenario, Findings& out) {
  if (scenario.producer().empty()) out.Missing("producer", "", "a scenario wants a producer");
  out.Range(Indexed("producer", kProducersMax), scenario.producer_size(), 0, kProducersMax);
  out.Range(Indexed("consumer", kConsumersMax), scenario.consumer_size(), 0, kConsumersMax);
  std::set<std::string> names;
  uint64_t messages = 0;
  for (int i = 0; i < scenario.producer_size(); ++i) {
    const proto::Producer& producer = scenario.producer(i);
    const std::string at = Indexed("producer", i);
    CheckName(producer.name(), kafka_config::Cat(at, ".name"), names, out);
    CheckProducer(scenario, producer, at, out);
    const uint32_t own = producer.has_messages() ? producer.messages() : kMessagesDefault;
    messages += own;
    CheckTotal(messages, kMessagesMax, kafka_config::Cat(at, ".messages"), own, out);
  }
  names.clear();
  std::set<std::string> groups;
  for (int i = 0; i < scenario.consumer_size(); ++i) {
    const proto::Consumer& consumer = scenario.consumer(i);
    const std::string at = Indexed("consumer", i);
    CheckName(consumer.name(), kafka_config::Cat(at, ".name"), names, out);
    CheckTopicOf(scenario, consumer.topic(), at, out);
    CheckSettings(consumer.config(), kafka_config::Cat(at, ".config"), out);
    out.Duration(kafka_config::Cat(at, ".processing_time"), consumer.processing_time(), kZero);
    out.Duration(kafka_config::Cat(at, ".start_after"), consumer.start_after(), kZero);
    const std::string& group = consumer.group().empty() ? consumer.name() : consumer.group();
    if (!groups.insert(group).second) {
      out.Wrong(kafka_config::Cat(at, ".group"), group,
                "has a member already; groups of one are modelled");
    }
    if (!consumer.group().empty() && !IsKafkaName(group)) {
      out.Wrong(kafka_config::Cat(at, ".group"), group, "may hold a-z, A-Z, 0-9, '.', '_' and '-'");
    }
  }
}

}  // namespace loader
