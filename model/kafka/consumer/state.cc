#include "model/kafka/consumer/state.h"

namespace kafka::consumer {

bool IsCaughtUp(const Consumer& self, PartitionId partition, Offset end) {
  const Process& process = self.process;
  for (uint16_t i = 0; i < process.partitions.size(); ++i) {
    const Partition& mine = process.partitions[i];
    if (mine.id != partition) continue;
    if (process.app.state == Application::State::kEnded) return true;
    // Beyond the end: the log was cut, and the consumer has not noticed yet.
    if (mine.state != Partition::State::kFetching || mine.position != end) return false;
    for (const Work& work : process.app.work) {
      if (work.partition == i) return false;
    }
    return true;
  }
  return process.app.state != Application::State::kWaiting;
}

void HashInto(sim::StableHash& hash, const Partition& partition) {
  const auto& [id, state, caught_up, leader, leader_epoch, position_epoch, validated_epoch,
               position, buffer_from, buffer_end, entry, retry_at, uid, asks, asked] = partition;
  hash(id, state, caught_up, leader, leader_epoch, position_epoch, validated_epoch, position,
       buffer_from, buffer_end, entry, retry_at, uid, asks, asked);
}

void HashInto(sim::StableHash& hash, const Request& request) {
  const auto& [kind, partition, correlation, sent] = request;
  hash(kind, partition, correlation, sent);
}

void HashInto(sim::StableHash& hash, const Node& node) {
  const auto& [state, failures, fetching, connects, connection, retry_at, setup_deadline,
               in_flight] = node;
  hash(state, failures, fetching, connects, connection, retry_at, setup_deadline, in_flight);
}

void HashInto(sim::StableHash& hash, const Metadata& metadata) {
  const auto& [wanted, in_flight, requests, unchanged, next_allowed, last_success] = metadata;
  hash(wanted, in_flight, requests, unchanged, next_allowed, last_success);
}

void HashInto(sim::StableHash& hash, const Work& work) {
  const auto& [partition, commit, epoch, from, to] = work;
  hash(partition, commit, epoch, from, to);
}

void HashInto(sim::StableHash& hash, const Application& app) {
  const auto& [state, work] = app;
  hash(state, work);
}

void HashInto(sim::StableHash& hash, const Process& process) {
  const auto& [name, correlation, armed, app, metadata, partitions, buffered, nodes, store] =
      process;
  hash(name, correlation, armed, app, metadata, partitions, buffered, nodes, store);
}

void HashInto(sim::StableHash& hash, const Consumer& self) {
  const auto& [index, process] = self;
  hash(index, process);
}

}  // namespace kafka::consumer
