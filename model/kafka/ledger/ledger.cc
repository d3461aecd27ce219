#include "model/kafka/ledger/ledger.h"

#include <algorithm>

#include "sim/check.h"

namespace kafka::ledger {

using kafka::AppendedId;
using kafka::BatchId;
using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::PartitionId;

namespace {

int16_t MinIsrOn(const kafka::Setup& setup, BrokerId broker, PartitionId partition) {
  return static_cast<int16_t>(setup.EffectiveMinIsr(partition, setup.topic_on(broker, partition)));
}

int16_t MinIsrFrom(int64_t setting, const Partition& partition) {
  return static_cast<int16_t>(std::min<int64_t>(setting, partition.replica_count));
}

Replica FormReplica(const kafka::Setup& setup, BrokerId broker, const PartitionRecord& record) {
  Replica replica;
  replica.broker = broker;
  replica.min_isr = replica.first_min_isr = MinIsrOn(setup, broker, record.partition);
  replica.leads = broker == record.leader;
  replica.epoch = record.leader_epoch;
  return replica;
}

// Of a partition that is added later: nothing yet but its number.
PartitionRecord FirstRecord(const kafka::Setup& setup, PartitionId id) {
  const kafka::PartitionSetup& declared = setup.partitions[id.value];
  PartitionRecord record;
  record.partition = id;
  record.min_isr = static_cast<int16_t>(setup.EffectiveMinIsr(id, setup.topic_of(id)));
  if (declared.added_by >= 0) return record;
  record.leader = declared.replicas.front();
  record.how = kafka::Election::kCreated;
  record.leader_epoch = {0};
  for (const BrokerId broker : declared.replicas) record.isr = record.isr.With(broker);
  return record;
}

void ForgetHistory(Ledger& ledger) {
  ledger.records.clear();
  ledger.installations.clear();
  ledger.snapshots.clear();
  ledger.removals.clear();
  ledger.incidents.clear();
  ledger.forgotten_joins.clear();
  ledger.ended_consumers.clear();
  ledger.renumberings.clear();
}

}  // namespace

void Ledger::Begin(const kafka::Setup& setup) {
  messages.clear();
  partitions.clear();
  replicas.clear();
  ForgetHistory(*this);
  retry = {};
  abandoned_below = {};
  sent_count = told_count = idle_producers = 0;
  copies = {};
  keys.clear();
  topics_grow = std::any_of(setup.partitions.begin(), setup.partitions.end(),
                            [](const auto& partition) { return partition.added_by >= 0; });
  now = {};
  running = registered = {static_cast<uint16_t>((1u << setup.brokers.size()) - 1)};
  dark = {};
  for (uint16_t& incarnation : incarnations) incarnation = 1;
  for (uint16_t i = 0; i < setup.partitions.size(); ++i) {
    const kafka::PartitionSetup& declared = setup.partitions[i];
    Partition partition;
    partition.first_replica = static_cast<uint16_t>(replicas.size());
    partition.replica_count = static_cast<uint16_t>(declared.replicas.size());
    PartitionRecord& record = partition.record;
    record = FirstRecord(setup, {i});
    for (const BrokerId broker : declared.replicas) {
      partition.places[broker] =
          static_cast<uint8_t>(replicas.size() + 1 - partition.first_replica);
      replicas.push_back(FormReplica(setup, broker, record));
    }
    partition.last_leader = record.leader;
    partition.ever_eligible = record.eligible();
    records.push_back(record);
    partitions.push_back(partition);
  }
  progress.assign(setup.groups.size() * setup.partitions.size(), {});
}

void Ledger::FoldController(const sim::Note& note, const kafka::Tables& tables) {
  notes::ControllerNotes::Visit(
      note, [&](const notes::PartitionState& said) { OnPartitionState(said, tables); },
      // What a process sent may arrive when it is dead, or when its successor runs already.
      [&](const notes::Registered& said) {
        const bool runs =
            running.contains(said.broker) && incarnations[said.broker] == said.incarnation;
        if (runs) registered = registered.With(said.broker);
      },
      [&](const notes::SettingChanged& said) { OnSettingChanged(said); },
      sim::Ignored<notes::Fenced, notes::Unfenced, notes::ControlledShutdown,
                   notes::ElectionAsked>{});
}

// What the controller counts with is part of the record, which is another from now on.
void Ledger::OnSettingChanged(const notes::SettingChanged& said) {
  if (said.setting != kafka::TopicSetting::kMinInsyncReplicas) return;
  PartitionRecord& record = of(said.partition).record;
  record.min_isr = MinIsrFrom(said.value, of(said.partition));
  record.how = kafka::Election::kNone;
  record.at = at();
  records.push_back(record);
}

void Ledger::OnSettingApplied(const notes::SettingApplied& said, Replica& own) {
  if (said.setting != kafka::TopicSetting::kMinInsyncReplicas) return;
  own.min_isr = MinIsrFrom(said.value, of(said.partition));
}

BrokerSet Ledger::Holders(PartitionId id, AppendedId entry) const {
  BrokerSet holders;
  for (const Replica& replica : ReplicasOf(id)) {
    if (replica.log.Holds(entry)) holders = holders.With(replica.broker);
  }
  return holders;
}

int Ledger::InFlight(const kafka::Tables& tables, PartitionId id, AppendedId entry) const {
  const kafka::Offset base = tables.At(id, entry).base();
  const kafka::Offset end = tables.EndOf(id, entry);
  int count = 0;
  for (const Replica& replica : ReplicasOf(id)) {
    if (!replica.answered_by.exists() || replica.log.Holds(entry)) continue;
    const bool carries = replica.answered_from <= base && end <= replica.answered_to;
    const Replica* source = Find(id, replica.answered_by);
    if (carries && (source == nullptr || source->log.Holds(entry))) ++count;
  }
  return count;
}

bool Ledger::IsUnknownLoss(PartitionId id, BrokerId broker, AppendedId entry) const {
  for (auto removal = removals.rbegin(); removal != removals.rend(); ++removal) {
    const bool it =
        removal->partition == id && removal->holder == broker && removal->ids.contains(entry);
    if (it) return removal->by_fault() && !registered.contains(broker);
  }
  return false;
}

bool Ledger::HasEverHad(PartitionId id, const Replica& replica, AppendedId entry) const {
  const auto is_it = [&](const Removal& removal) {
    return removal.partition == id && removal.holder == replica.broker &&
           removal.ids.contains(entry);
  };
  return replica.log.Holds(entry) || std::any_of(removals.begin(), removals.end(), is_it);
}

const MessageFacts& Ledger::FirstOf(const kafka::Tables& tables, BatchId batch) const {
  static constexpr MessageFacts kUnknown{};
  const uint32_t first = tables[batch].first.value;
  return first < messages.size() ? messages[first] : kUnknown;
}

void HashInto(sim::StableHash& hash, const Replica& replica) {
  const auto& [broker, leads, answered_by, min_isr, first_min_isr, epoch, high_watermark,
               durable_end, found_bytes, medium_bytes, answered_from, answered_to, log] = replica;
  static_cast<void>(min_isr);  // follows from the broker's own state
  static_cast<void>(first_min_isr);
  hash(broker, leads, answered_by, epoch, high_watermark, durable_end, found_bytes, medium_bytes,
       answered_from, answered_to, log);
}
void HashInto(sim::StableHash& hash, const Claim& claim) {
  const auto& [by, view, epoch, to, min_isr] = claim;
  static_cast<void>(min_isr);  // as in the replica
  hash(by, view, epoch, to);
}
// Of facts of entries and messages only how many there are: they follow from notes, which are in
// the digest, and hashing them all would cost more than the rest of the state.
void HashInto(sim::StableHash& hash, const Partition& partition) {
  const auto& [record, last_leader, ever_eligible, unclean, first_replica, replica_count, places,
               high_watermark, claim, committed, entries] = partition;
  static_cast<void>(places);  // constant
  hash(record, last_leader, ever_eligible, unclean, first_replica, replica_count, high_watermark,
       claim, committed, entries.size());
}
void HashInto(sim::StableHash& hash, const GroupProgress& progress) {
  const auto& [committed, processed_to] = progress;
  hash(committed, processed_to);
}
void HashInto(sim::StableHash& hash, const CopyCount& copies) {
  const auto& [copied, unflushed, first_partition, first_offset, first_at] = copies;
  hash(copied, unflushed, first_partition, first_offset, first_at);
}
void HashInto(sim::StableHash& hash, const Ledger& ledger) {
  const auto& [messages, partitions, replicas, progress, running, dark, registered, incarnations,
               abandoned_below, idle_producers, sent_count, told_count, topics_grow, keys, copies,
               retry, now, records, installations, snapshots, removals, incidents, forgotten_joins,
               ended_consumers, renumberings] = ledger;
  hash(messages.size(), partitions, replicas, progress, running, dark, registered, incarnations,
       abandoned_below, idle_producers, sent_count, told_count, copies, now.event, now.time,
       records.size(), installations.size(), snapshots.size(), removals.size(), incidents.size());
  static_cast<void>(topics_grow);
  for (const KeyProgress& progressed : keys) hash(progressed.key, progressed.greatest);
  for (const ForgottenJoin& join : forgotten_joins) hash(join);
  for (const EndedConsumer& ended : ended_consumers) hash(ended);
  for (const Renumbering& renumbering : renumberings) hash(renumbering);
}

}  // namespace kafka::ledger
