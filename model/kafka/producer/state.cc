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

void HashInto(sim::StableHash& hash, const Request& request) {
  const auto& [kind, correlation, first_slot, sent] = request;
  hash(kind, correlation, first_slot, sent);
}

void HashInto(sim::StableHash& hash, const Node& node) {
  const auto& [state, failures, drain_index, connects, connection, retry_at, setup_deadline,
               in_flight] = node;
  hash(state, failures, drain_index, connects, connection, retry_at, setup_deadline, in_flight);
}

void HashInto(sim::StableHash& hash, const Metadata& metadata) {
  const auto& [known, wanted, in_flight, requests, unchanged, next_allowed, last_success] =
      metadata;
  hash(known, wanted, in_flight, requests, unchanged, next_allowed, last_success);
}

void HashInto(sim::StableHash& hash, const Application& app) {
  const auto& [running, ahead, stalled, blocked, next, run_ahead, due, armed, block_deadline,
               sticky, sticky_bytes] = app;
  hash(running, ahead, stalled, blocked, next, run_ahead, due, armed, block_deadline, sticky,
       sticky_bytes);
}

void HashInto(sim::StableHash& hash, const Process& process) {
  const auto& [name, closing, closed, exit_when_closed, bump_wanted, producer_epoch, producer_id,
               asking_producer_id, producer_id_requests, producer_id_retry_at, correlation,
               free_slot, live, queued, memory_free, oldest, armed, app, metadata, slots,
               partitions, nodes] = process;
  hash(name, closing, closed, exit_when_closed, bump_wanted, producer_epoch, producer_id,
       asking_producer_id, producer_id_requests, producer_id_retry_at, correlation, free_slot, live,
       queued, memory_free, oldest, armed, app, metadata, slots, partitions, nodes);
}

void HashInto(sim::StableHash& hash, const Producer& self) {
  const auto& [index, process] = self;
  hash(index, process);
}

}  // namespace kafka::producer
