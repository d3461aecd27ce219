// Comparing and hashing a broker, field by field.
#include "model/kafka/broker/state.h"

#include <algorithm>

namespace kafka {

void HashInto(sim::StableHash& hash, const AlterPartitionRequest::Item& item) {
  const auto& [partition, isr, leader_epoch, partition_epoch, reserved, member_epochs] = item;
  hash(partition, isr, leader_epoch, partition_epoch);
  for (const int64_t epoch : member_epochs) hash(epoch);
  (void)reserved;  // padding
}

}  // namespace kafka

namespace kafka::broker {
namespace {

using FetchItem = FetchRequest::Item;

bool Same(const FetchItem& a, const FetchItem& b) {
  return a.partition == b.partition && a.current_leader_epoch == b.current_leader_epoch &&
         a.last_fetched_epoch == b.last_fetched_epoch && a.bytes_max == b.bytes_max &&
         a.offset == b.offset && a.log_start == b.log_start;
}
bool Same(const ParkedFetch& a, const ParkedFetch& b) {
  const FetchRequest& x = a.request;
  const FetchRequest& y = b.request;
  return a.connection == b.connection && a.deadline == b.deadline && a.item_count == b.item_count &&
         x.correlation == y.correlation && x.replica == y.replica && x.consumer == y.consumer &&
         x.replica_epoch == y.replica_epoch && x.wait_max_ns == y.wait_max_ns &&
         x.bytes_min == y.bytes_min && x.bytes_max == y.bytes_max;
}
template <typename T>
bool SameAll(const std::vector<T>& a, const std::vector<T>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const T& x, const T& y) { return Same(x, y); });
}

}  // namespace

bool operator==(const Process& a, const Process& b) {
  sim::StableHash x;
  sim::StableHash y;
  HashInto(x, a);
  HashInto(y, b);
  return x.value() == y.value() && a.partitions == b.partitions && a.produces == b.produces &&
         a.produce_items == b.produce_items && a.queue == b.queue &&
         a.queue_words == b.queue_words && a.clients == b.clients && a.fetchers == b.fetchers &&
         SameAll(a.fetches, b.fetches) && SameAll(a.fetch_items, b.fetch_items);
}

void HashInto(sim::StableHash& hash, const RemoteReplica& replica) {
  const auto& [broker, log_end, leader_end, caught_up, last_fetch, epoch, has_epoch] = replica;
  hash(broker, log_end, leader_end, caught_up, last_fetch, epoch, has_epoch);
}
void HashInto(sim::StableHash& hash, const IsrState& isr) {
  const auto& [kind, sent, committed, proposed] = isr;
  hash(kind, sent, committed, proposed);
}
void HashInto(sim::StableHash& hash, const FetchState& fetch) {
  const auto& [kind, source, offset, current_epoch, last_fetched_epoch, delayed_until, asked_offset,
               asked_epoch] = fetch;
  hash(kind, source, offset, current_epoch, last_fetched_epoch, delayed_until, asked_offset,
       asked_epoch);
}
void HashInto(sim::StableHash& hash, const Partition& partition) {
  const auto& [id, role, log_locked, periodic_flush, leader, leader_epoch, partition_epoch,
               epoch_start, high_watermark, recovery_point, flushing_to, held_from,
               periodic_flushing_to, snapshot, last_flush, isr, fetch, log, epochs, remotes,
               producers] = partition;
  hash(id, role, log_locked, periodic_flush, leader, leader_epoch, partition_epoch, epoch_start,
       high_watermark, recovery_point, flushing_to, held_from, periodic_flushing_to, snapshot,
       last_flush, isr, fetch, log, epochs, remotes, producers);
}
void HashInto(sim::StableHash& hash, const PartitionView& view) {
  const auto& [leader_epoch, partition_epoch, isr, leader] = view;
  hash(leader_epoch, partition_epoch, isr, leader);
}
void HashInto(sim::StableHash& hash, const BrokerView& view) {
  const auto& [epoch, fenced, in_controlled_shutdown] = view;
  hash(epoch, fenced, in_controlled_shutdown);
}
void HashInto(sim::StableHash& hash, const PendingProduce& produce) {
  const auto& [connection, correlation, phase, acks, item_count, next_item, deadline, timeout,
               appended, advanced] = produce;
  hash(connection.serial(), correlation, phase, acks, item_count, next_item, deadline, timeout,
       appended, advanced);
}
void HashInto(sim::StableHash& hash, const PendingItem& item) {
  const auto& [batch, partition, error, decided, base, required] = item;
  hash(batch, partition, error, decided, base, required);
}
void HashInto(sim::StableHash& hash, const ParkedFetch& fetch) {
  const auto& [request, connection, deadline, item_count] = fetch;
  const auto& [correlation, replica, reserved, consumer, replica_epoch, wait_max_ns, bytes_min,
               bytes_max] = request;
  hash(correlation, replica, consumer, replica_epoch, wait_max_ns, bytes_min, bytes_max,
       connection.serial(), deadline, item_count);
  (void)reserved;  // padding
}
void HashInto(sim::StableHash& hash, const QueuedRequest& request) {
  const auto& [connection, kind, first_word, size] = request;
  hash(connection.serial(), kind, first_word, size);
}
void HashInto(sim::StableHash& hash, const ClientConnection& client) {
  const auto& [id, about] = client;
  hash(id.serial(), about.uid, about.attempt);
}
void HashInto(sim::StableHash& hash, const Link& link) {
  const auto& [connection, state, in_flight, attempts, sent] = link;
  hash(connection.serial(), state, in_flight, attempts, sent);
}
void HashInto(sim::StableHash& hash, const Fetcher& fetcher) {
  const auto& [source, flushes_pending, epochs_synced, link, about, deadline, in_hand] = fetcher;
  hash(source, flushes_pending, epochs_synced, link, about.uid, about.attempt, deadline);
  for (const FetchResponse::Item& answer : in_hand) {
    const auto& [partition, error, diverging, diverging_epoch, diverging_end, first, count,
                 high_watermark, log_start, fetch_offset, current_leader_epoch, leader_hint,
                 reserved] = answer;
    hash(partition, error, diverging, diverging_epoch, diverging_end, first, count, high_watermark,
         log_start, fetch_offset, current_leader_epoch, leader_hint);
    (void)reserved;  // padding
  }
}
void HashInto(sim::StableHash& hash, const WaitingProducerId& waiting) {
  const auto& [connection, correlation, asked] = waiting;
  hash(connection.serial(), correlation, asked);
}

void HashInto(sim::StableHash& hash, const Process& process) {
  const auto& [phase, registered, fenced, caught_up, was_unfenced, shutdown_asked, leave_answered,
               touched, publisher_waits, isr_check_waits, publishing, incarnation, threads_busy,
               flushes_left, last_correlation, epoch, previous_epoch, started, load_time,
               fetch_timer, produce_timer, links, metadata_received, metadata_due, metadata_applied,
               changed, to_lead, lead_syncing, view, brokers, in_force, partitions, index, produces,
               produce_items, fetches, fetch_items, queue, queue_words, clients, fetchers,
               alterations, producer_ids] = process;
  hash(phase, registered, fenced, caught_up, was_unfenced, shutdown_asked, leave_answered, touched,
       publisher_waits, isr_check_waits, publishing, incarnation, threads_busy, flushes_left,
       last_correlation, epoch, previous_epoch, started, load_time, fetch_timer, produce_timer,
       links, metadata_received, metadata_due, metadata_applied, changed, to_lead, lead_syncing,
       view, brokers, partitions, index, produces, produce_items, fetches, queue, queue_words,
       clients, fetchers, alterations, producer_ids);
  kafka::HashInto(hash, in_force);  // nothing, as long as nothing was changed
  for (const FetchItem& item : fetch_items) {
    const auto& [partition, reserved, current_leader_epoch, last_fetched_epoch, bytes_max, offset,
                 log_start] = item;
    hash(partition, current_leader_epoch, last_fetched_epoch, bytes_max, offset, log_start);
    (void)reserved;  // padding
  }
}
void HashInto(sim::StableHash& hash, const Broker& broker) {
  const auto& [id, process] = broker;
  hash(id, process);
}

}  // namespace kafka::broker
