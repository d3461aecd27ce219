#include "model/kafka/producer/state.h"

namespace kafka::producer {

void HashInto(sim::StableHash& hash, const Slot& slot) {
  const auto& [uid, created, last_attempt, backoff_until, timestamp_ms, first, last, id, count,
               bytes, room, pooled, attempts, leader_changed_at, next, producer_id, base_sequence,
               leader_epoch, producer_epoch, partition, closed, retry, in_flight, done, split,
               renumbered, maybe_written] = slot;
  hash(uid, created, last_attempt, backoff_until, timestamp_ms, first, last, id, count, bytes, room,
       pooled, attempts, leader_changed_at, next, producer_id, base_sequence, leader_epoch,
       producer_epoch, partition, closed, retry, in_flight, done, split, renumbered, maybe_written);
}

void HashInto(sim::StableHash& hash, const Partition& state) {
  const auto& [id, leader, leader_epoch, head, tail, length, muted, unresolved, rewrite,
               producer_epoch, producer_id, next_sequence, last_acked, unresolved_next, sent] =
      state;
  hash(id, leader, leader_epoch, head, tail, length, muted, unresolved, rewrite, producer_epoch,
       producer_id, next_sequence, last_acked, unresolved_next, sent);
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
  const auto& [running, blocked, next, due, armed, block_deadline, sticky, sticky_bytes] = app;
  hash(running, blocked, next, due, armed, block_deadline, sticky, sticky_bytes);
}

void HashInto(sim::StableHash& hash, const Process& process) {
  const auto& [name, closing, closed, exit_when_closed, bump_wanted, producer_epoch, producer_id,
               asking_producer_id, producer_id_requests, producer_id_retry_at, correlation,
               free_slot, live, memory_free, armed, app, metadata, slots, partitions, nodes] =
      process;
  hash(name, closing, closed, exit_when_closed, bump_wanted, producer_epoch, producer_id,
       asking_producer_id, producer_id_requests, producer_id_retry_at, correlation, free_slot, live,
       memory_free, armed, app, metadata, slots, partitions, nodes);
}

void HashInto(sim::StableHash& hash, const Producer& self) {
  const auto& [index, process] = self;
  hash(index, process);
}

}  // namespace kafka::producer
