#include "tools/answers/names.h"

namespace answers {

std::string NameOfPartition(const kafka::Setup& setup, kafka::PartitionId partition) {
  if (partition.value >= setup.partitions.size())
    return "partition " + std::to_string(partition.value);
  const kafka::PartitionSetup& found = setup.partitions[partition.value];
  return setup.topics[found.topic.value].name + "-" + std::to_string(found.index);
}

std::string NameOfMachine(const kafka::Setup& setup, sim::MachineId machine) {
  if (!machine.exists()) return "-";
  if (machine == kafka::kControllerMachine) return "controller";
  if (machine == kafka::kOffsetStoreMachine) return "offsets";
  uint32_t index = machine.value - 2u;
  if (index < setup.brokers.size()) return setup.brokers[index].name;
  index -= static_cast<uint32_t>(setup.brokers.size());
  if (index < setup.producers.size()) return setup.producers[index].name;
  index -= static_cast<uint32_t>(setup.producers.size());
  return index < setup.consumers.size() ? setup.consumers[index].name : "machine";
}

std::string NameOfBroker(const kafka::Setup& setup, kafka::BrokerId broker) {
  return broker.exists() && broker.value < setup.brokers.size() ? setup.brokers[broker.value].name
                                                                : "";
}

// Hosts are made in the order of machines, but controller and offset store share the first.
std::string NameOfOwner(const kafka::Setup& setup, sim::HostId host) {
  if (host.value == 0) return "controller";
  return NameOfMachine(setup, {static_cast<uint16_t>(host.value + 1)});
}

std::string NameOfHost(const kafka::Setup& setup, sim::HostId host) {
  return NameOfOwner(setup, host) + "'s host";
}

std::string NameOfMessage(const kafka::Setup& setup, const kafka::Tables& tables,
                          kafka::MessageId message) {
  if (message.value >= tables.messages.size()) return "message " + std::to_string(message.value);
  const kafka::Message& found = tables[message];
  const std::string number = "m#" + std::to_string(found.number);
  if (setup.producers.size() == 1) return number;
  std::string producer = setup.producers[found.producer.value].name;
  if (const size_t slash = producer.find('/'); slash != std::string::npos) {
    producer = producer.substr(slash + 1);
  }
  return producer + "/" + number;
}

}  // namespace answers
