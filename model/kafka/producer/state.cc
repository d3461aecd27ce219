#include "model/kafka/producer/state.h"

namespace kafka::producer {

void HashInto(sim::StableHash& hash, const Slot& slot) {
  const auto& [created, last_attempt, timestamp_ms, first, id, count, bytes, room, next, attempts,
               base_sequence, leader_epoch, producer_epoch, partition, closed, in_flight, done,
               split, renumbered, maybe_written, leader_changed] = slot;
  hash(created, last_attempt, timestamp_ms, first, id, count, bytes, room, next, attempts,
       base_sequence, leader_epoch, producer_epoch, partition, bool{closed}, bool{in_flight},
       bool{done}, bool{split}, bool{renumbered}, bool{maybe_written}, bool{leader_changed});
}

void HashInto(sim::StableHash& hash, const Partition& state) {
  const auto& [id, leader, leader_epoch, head, tail, length, last, muted, unresolved, rewrite,
               producer_epoch, next_sequence, last_acked, unresolved_next, sent] = state;
  hash(id, leader, leader_epoch, head, tail, length, last, muted, unresolved, rewrite,
       producer_epoch, next_sequence, last_acked, unresolved_next, sent);
}

namespace {

// Request by request and node by node in the order in which a producer's state has always been
// hashed.
void HashNode(sim::StableHash& hash, const client::Node& node, uint16_t drain_index) {
  const auto& [state, failures, connects, connection, retry_at, setup_deadline, in_flight] = node;
  hash(state, failures, drain_index, connects, connection, retry_at, setup_deadline,
       in_flight.size());
  for (const client::Request& request : in_flight) {
    const auto& [kind, correlation, subject, sent] = request;
    hash(kind, correlation, subject, sent);
  }
}

void HashApplication(sim::StableHash& hash, const Process& process) {
  const auto& [running, rests, stalled, next, run_ahead, due, spent, armed] = process.program;
  const auto& [blocked, deadline, message] = process.call;
  const auto& [index, bytes] = process.sticky;
  hash(running, rests, stalled, blocked, next, run_ahead, due, spent, armed, deadline, message,
       index, bytes);
}

}  // namespace

void HashInto(sim::StableHash& hash, const Process& process) {
  const auto& [program, client, call, sticky, closing, closed, exit_when_closed, topic_known, woken,
               bump_wanted, producer_epoch, producer_id, asking_producer_id, producer_id_requests,
               producer_id_retry_at, free_slot, live, queued, memory_free, oldest, armed,
               poll_until, slots, partitions, drain_index] = process;
  const auto& [name, correlation, metadata, nodes] = client;
  const auto& [wanted, in_flight, known, requests, unchanged, next_allowed, last_success] =
      metadata;
  hash(name, closing, closed, exit_when_closed, woken, bump_wanted, producer_epoch, producer_id,
       asking_producer_id, producer_id_requests, producer_id_retry_at, correlation, free_slot, live,
       queued, memory_free, oldest, armed, poll_until);
  HashApplication(hash, process);
  hash(topic_known, wanted, in_flight, known, requests, unchanged, next_allowed, last_success,
       slots, partitions);
  for (uint8_t i = 0; i < kMaxBrokers; ++i) {  // a producer has no other peers
    HashNode(hash, nodes[client::Peer{i}], drain_index[{i}]);
  }
}

void HashInto(sim::StableHash& hash, const Producer& self) {
  const auto& [index, process] = self;
  hash(index, process);
}

}  // namespace kafka::producer
