#include "model/kafka/controller/state.h"

namespace kafka::controller {

bool operator==(const Process& a, const Process& b) {
  const auto same_item = [](const AlterPartitionResponse::Item& x,
                            const AlterPartitionResponse::Item& y) {
    return x.partition == y.partition && x.isr == y.isr && x.error == y.error &&
           x.leader == y.leader && x.leader_epoch == y.leader_epoch &&
           x.partition_epoch == y.partition_epoch;
  };
  return a.brokers == b.brokers && a.partitions == b.partitions && a.waits == b.waits &&
         a.replies == b.replies && a.committed == b.committed && a.in_force == b.in_force &&
         a.next_producer_id == b.next_producer_id && a.started == b.started &&
         std::equal(a.reply_items.begin(), a.reply_items.end(), b.reply_items.begin(),
                    b.reply_items.end(), same_item);
}

Controller Form(const Setup& setup, Tables& tables) {
  Controller controller;
  Process& process = controller.process;
  for (uint8_t i = 0; i < setup.brokers.size(); ++i) {
    const BrokerEpoch epoch{static_cast<int64_t>(tables.metadata.size())};
    MetadataRecord record;
    record.kind = MetadataRecord::Kind::kRegister;
    record.broker = {i};
    record.broker_epoch = epoch;
    tables.metadata.push_back(record);
    record.kind = MetadataRecord::Kind::kUnfence;
    tables.metadata.push_back(record);
    process.brokers[{i}] = {.registered = true, .fenced = false, .incarnation = 1, .epoch = epoch};
  }
  for (uint16_t i = 0; i < setup.partitions.size(); ++i) {
    PartitionState state;
    if (setup.partitions[i].added_by >= 0) {  // it does not exist yet
      process.partitions.push_back(state);
      continue;
    }
    for (const BrokerId replica : setup.partitions[i].replicas) state.isr = state.isr.With(replica);
    state.leader = setup.partitions[i].replicas.front();
    state.leader_epoch = {0};
    state.partition_epoch = {0};
    process.partitions.push_back(state);
    MetadataRecord record;
    record.kind = MetadataRecord::Kind::kPartition;
    record.partition = {i};
    record.leader = state.leader;
    record.isr = state.isr;
    record.leader_epoch = state.leader_epoch;
    record.partition_epoch = state.partition_epoch;
    tables.metadata.push_back(record);
  }
  process.committed = static_cast<int64_t>(tables.metadata.size());
  for (Registration& broker : process.brokers) broker.metadata_offset = process.committed;
  return controller;
}

void HashInto(sim::StableHash& hash, const Registration& registration) {
  const auto& [registered, fenced, in_controlled_shutdown, incarnation, epoch, last_contact,
               metadata_offset, controlled_shutdown_offset] = registration;
  hash(registered, fenced, in_controlled_shutdown, incarnation, epoch, last_contact,
       metadata_offset, controlled_shutdown_offset);
}
void HashInto(sim::StableHash& hash, const PartitionState& partition) {
  const auto& [leader, leader_epoch, partition_epoch, isr, elr, last_known_leader] = partition;
  hash(leader, leader_epoch, partition_epoch, isr, elr, last_known_leader);
}
void HashInto(sim::StableHash& hash, const MetadataWait& wait) {
  const auto& [connection, correlation, from] = wait;
  hash(connection.serial(), correlation, from);
}
void HashInto(sim::StableHash& hash, const PendingReply& reply) {
  const auto& [kind, broker, connection, correlation, first_item, item_count, offset] = reply;
  hash(kind, broker, connection.serial(), correlation, item_count, offset);
  (void)first_item;  // where its items lie, not what they are
}
void HashInto(sim::StableHash& hash, const Controller& controller) {
  const auto& [brokers, partitions, waits, replies, reply_items, committed, in_force,
               next_producer_id, started] = controller.process;
  hash(brokers, partitions, waits, replies, reply_items.size(), committed, next_producer_id,
       started);
  kafka::HashInto(hash, in_force);  // nothing, as long as nothing was changed
}

}  // namespace kafka::controller
