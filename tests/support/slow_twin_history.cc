// The twin's own exceptions, and where the ledger's picture and the state part.
#include <algorithm>

#include "tests/support/slow_twin.h"

namespace fate_tests {

bool Holds(const kafka::Log& log, uint32_t entry) {
  return std::any_of(log.runs.rbegin(), log.runs.rend(), [entry](const kafka::Run& run) {
    return entry - run.first.value < run.count;
  });
}

using kafka::AppendedId;
using kafka::LeaderEpoch;

namespace {

// The same entries in the same order, however they are cut into runs.
bool SameEntries(const kafka::Log& log, const kafka::ledger::ShadowLog& shadow) {
  size_t at = 0;
  uint32_t used = 0;
  for (const kafka::Run& run : log.runs) {
    for (uint32_t done = 0; done < run.count;) {
      if (at == shadow.runs.size()) return false;
      const kafka::ledger::IdRange& ids = shadow.runs[at].ids;
      if (ids.first + used != run.first.value + done) return false;
      const uint32_t step = std::min(run.count - done, ids.count - used);
      done += step;
      used += step;
      if (used < ids.count) continue;
      used = 0;
      ++at;
    }
  }
  return at == shadow.runs.size() && used == 0;
}

}  // namespace

bool SlowTwin::Excused(const Partition& partition, BrokerId broker, uint32_t entry) const {
  if (IsUncleanElection(partition, broker)) return true;
  if (IsPowerLoss(partition, broker, entry)) return true;
  if (IsForgottenJoin(partition, broker, entry)) return true;
  if (IsTruncationUndone(partition, broker, entry)) return true;
  const BrokerSet electable = partition.record.isr | partition.record.elr;
  return !world_->config->controller.elr && electable == BrokerSet::Of(broker) &&
         LostWithCache(partition, broker, entry);
}

// UE: the election in force, or one since somebody last led.
bool SlowTwin::IsUncleanElection(const Partition& partition, BrokerId broker) const {
  bool in_force = true;
  for (auto i = partition.leaderships.rbegin(); i != partition.leaderships.rend(); ++i) {
    if (!in_force && i->epoch <= partition.claim_epoch) return false;
    if (i->unclean && i->leader == broker) return true;
    in_force = false;
  }
  return false;
}

bool SlowTwin::IsReplacedUncleanly(const Partition& partition, LeaderEpoch epoch) const {
  return std::any_of(partition.leaderships.begin(), partition.leaderships.end(),
                     [epoch](const Leadership& one) { return one.unclean && one.epoch > epoch; });
}

// It has not heard yet of a leader that was allowed to lead without something that it holds.
// Or one of the two was committed by a leader that had forgotten whom it proposed. Or a crash brought
// one of the two back.
bool SlowTwin::IsAnotherHistory(const Partition& partition, const Copy& copy, Offset offset,
                                uint32_t before) const {
  const kafka::AppendedId now = kafka::EntryAt(world_->tables, copy.log, offset);
  const auto lacks = [&](const Copy& each, uint32_t entry) {
    return !Holds(each.log, entry) && (IsForgottenJoin(partition, each.broker, entry) ||
                                       IsTruncationUndone(partition, each.broker, entry));
  };
  const auto forgetful = [&](const Copy& each) {
    return lacks(each, before) || (now.exists() && lacks(each, now.value));
  };
  if (std::any_of(partition.copies.begin(), partition.copies.end(), forgetful)) return true;
  return std::any_of(partition.drops.begin(), partition.drops.end(), [&](const Drop& drop) {
    return drop.excused && copy.epoch < drop.epoch && At(partition, drop.entry).base() <= offset &&
           Holds(copy.log, drop.entry);
  });
}

// TU: where the entry should stand, the broker has one that it had cut off, not lost.
bool SlowTwin::IsTruncationUndone(const Partition& partition, BrokerId broker,
                                  uint32_t entry) const {
  if (world_->config->brokers[broker.value].storage.ordered_metadata) return false;
  for (const Copy& copy : partition.copies) {
    if (copy.broker != broker) continue;
    const auto instead = kafka::EntryAt(world_->tables, copy.log, At(partition, entry).base());
    for (const Removal& removal : partition.removals) {
      const bool its_own = removal.broker == broker && !removal.with_cache;
      if (instead.exists() && its_own && removal.entry == instead.value) return true;
    }
  }
  return false;
}

// A pending expansion that is gone while partition epoch and ISR are as before. (A controller that
// refuses it leaves the same picture; then nobody is admitted.)
void SlowTwin::Forget(Partition& partition, const Copy& was, const Copy& copy) {
  const bool same = was.leads && copy.leads && was.epoch == copy.epoch && was.isr == copy.isr &&
                    was.partition_epoch == copy.partition_epoch;
  for (Forgotten& forgotten : partition.forgotten) {
    if (forgotten.leader == copy.broker && (!same || copy.pending)) forgotten.open = false;
  }
  const BrokerSet joining = was.proposed - was.isr;
  if (!same || !was.pending || copy.pending || joining.empty()) return;
  partition.forgotten.push_back({.leader = copy.broker,
                                 .epoch = copy.epoch,
                                 .partition_epoch = copy.partition_epoch,
                                 .joining = joining,
                                 .entries = {}});
  if (partition.record.partition_epoch > copy.partition_epoch) Admit(partition);
}

void SlowTwin::ClaimForgetful(Partition& partition, const Copy& copy, Offset from) {
  for (Forgotten& forgotten : partition.forgotten) {
    if (!forgotten.open || forgotten.leader != copy.broker) continue;
    for (Offset at = from; at < copy.high_watermark;) {
      const AppendedId entry = kafka::EntryAt(world_->tables, copy.log, at);
      if (!entry.exists()) break;
      forgotten.entries.push_back(entry.value);
      at = EndOf(partition, entry.value);
    }
  }
}

// The controller's record after the one in which it was forgotten.
void SlowTwin::Admit(Partition& partition) {
  const kafka::MetadataRecord& record = partition.record;
  std::erase_if(partition.forgotten, [&](Forgotten& forgotten) {
    if (forgotten.admitted) return false;
    forgotten.admitted = forgotten.epoch == record.leader_epoch &&
                         forgotten.partition_epoch.value + 1 == record.partition_epoch.value &&
                         (forgotten.joining - record.isr).empty();
    return !forgotten.admitted;
  });
}

// The broker never had it, since it was admitted without being waited for.
bool SlowTwin::IsForgottenJoin(const Partition& partition, BrokerId broker, uint32_t entry) const {
  const bool had = std::any_of(
      partition.removals.begin(), partition.removals.end(),
      [&](const Removal& removal) { return removal.broker == broker && removal.entry == entry; });
  return !had && std::any_of(partition.forgotten.begin(), partition.forgotten.end(),
                             [&](const Forgotten& forgotten) {
                               return forgotten.admitted && forgotten.joining.contains(broker) &&
                                      std::find(forgotten.entries.begin(), forgotten.entries.end(),
                                                entry) != forgotten.entries.end();
                             });
}

// PL.
bool SlowTwin::IsPowerLoss(const Partition& partition, BrokerId broker, uint32_t entry) const {
  const bool held = std::any_of(partition.copies.begin(), partition.copies.end(),
                                [entry](const Copy& copy) { return Holds(copy.log, entry); });
  return !held && LostWithCache(partition, broker, entry);
}

bool SlowTwin::LostWithCache(const Partition& partition, BrokerId broker, uint32_t entry) const {
  return std::any_of(
      partition.removals.begin(), partition.removals.end(), [&](const Removal& removal) {
        return removal.broker == broker && removal.entry == entry && removal.with_cache;
      });
}

// It is there; or it went with a cache, and nobody can know yet, since the broker is not back.
bool SlowTwin::HasHad(const Partition& partition, const Copy& copy, uint32_t entry) const {
  if (Holds(copy.log, entry)) return true;
  for (auto i = partition.removals.rbegin(); i != partition.removals.rend(); ++i) {
    if (i->broker != copy.broker || i->entry != entry) continue;
    return i->with_cache && !registered_.contains(copy.broker);
  }
  return false;
}

// At some time.
bool SlowTwin::EverHad(const Partition& partition, const Copy& copy, uint32_t entry) const {
  const auto is_it = [&](const Removal& removal) {
    return removal.broker == copy.broker && removal.entry == entry;
  };
  return Holds(copy.log, entry) ||
         std::any_of(partition.removals.begin(), partition.removals.end(), is_it);
}

// Not in the leader's log at the end, and nothing allows it.
bool SlowTwin::IsLost(const Partition& partition, kafka::MessageId message) const {
  const auto& tables = world_->tables;
  const auto is_it = [&](uint32_t entry) {
    return tables.Contains(At(partition, entry).batch, message);
  };
  const auto& entries = tables.appended[partition.id.value].entries;
  auto last = static_cast<uint32_t>(entries.size());
  while (last > 0 && !is_it(last - 1)) --last;
  if (last == 0) return true;
  for (const Drop& drop : partition.drops) {
    if (drop.excused && is_it(drop.entry)) return false;
  }
  if (IsReplacedUncleanly(partition, At(partition, last - 1).epoch())) return false;
  return std::none_of(partition.copies.begin(), partition.copies.end(), [&](const Copy& copy) {
    return IsPowerLoss(partition, copy.broker, last - 1) ||
           IsForgottenJoin(partition, copy.broker, last - 1);
  });
}

// How many of the first ones it holds.
int64_t SlowTwin::FirstMissing(const std::vector<uint32_t>& entries, const kafka::Log& log) const {
  const auto missing = std::find_if(entries.begin(), entries.end(),
                                    [&](uint32_t entry) { return !Holds(log, entry); });
  return missing - entries.begin();
}

SlowTwin::Copy* SlowTwin::Find(Partition& partition, BrokerId broker) const {
  for (Copy& copy : partition.copies) {
    if (copy.broker == broker) return &copy;
  }
  return nullptr;
}

const kafka::Appended& SlowTwin::At(const Partition& partition, uint32_t entry) const {
  return world_->tables.At(partition.id, {entry});
}

Offset SlowTwin::EndOf(const Partition& partition, uint32_t entry) const {
  return world_->tables.EndOf(partition.id, {entry});
}

int SlowTwin::MinIsr(const Partition& partition) const {
  const auto& controller = world_->machines<kafka::controller::Controller>()[0].process;
  const auto topic = world_->config->partitions[partition.id.value].topic;
  const kafka::TopicSettings& settings = controller.in_force.topics.empty()
                                             ? world_->config->topic_of(partition.id)
                                             : controller.in_force.topics[topic.value].settings;
  return std::min(settings.min_insync_replicas, static_cast<int32_t>(partition.copies.size()));
}

int SlowTwin::FirstMinIsr(BrokerId broker, const Partition& partition) const {
  const kafka::Setup& setup = *world_->config;
  return setup.EffectiveMinIsr(partition.id, setup.topic_on(broker, partition.id));
}

int SlowTwin::MinIsrOn(BrokerId broker, const Partition& partition) const {
  const auto& process = world_->machines<kafka::broker::Broker>()[broker.value].process;
  const auto topic = world_->config->partitions[partition.id.value].topic;
  const kafka::TopicSettings& settings = process.in_force.topics.empty()
                                             ? world_->config->topic_on(broker, partition.id)
                                             : process.in_force.topics[topic.value].settings;
  return std::min(settings.min_insync_replicas, static_cast<int32_t>(partition.copies.size()));
}

std::string SlowTwin::Differs(const kafka::ledger::Replica& shadow, const Copy& copy) const {
  if (!SameEntries(copy.log, shadow.log)) return "entries of the log";
  if (copy.log.end != shadow.log.end) return "log end";
  if (copy.log.bytes != shadow.log.bytes) return "bytes of the log";
  if (!copy.up) return "";
  if (copy.high_watermark != shadow.high_watermark) return "high watermark";
  if (copy.leads != shadow.leads) return "leadership";
  return copy.epoch != shadow.epoch ? "leader epoch" : "";
}

std::string SlowTwin::Differs(const kafka::ledger::Ledger& ledger,
                              const Partition& partition) const {
  const kafka::ledger::Partition& shadow = ledger.of(partition.id);
  const kafka::ledger::PartitionRecord& record = shadow.record;
  const auto& real =
      world_->machines<kafka::controller::Controller>()[0].process.partitions[partition.id.value];
  const bool same = real.leader == record.leader && real.isr == record.isr &&
                    real.elr == record.elr && real.leader_epoch == record.leader_epoch &&
                    real.last_known_leader == record.last_known_leader &&
                    record.min_isr == MinIsr(partition);
  if (!same) return "the controller's record";
  if (shadow.high_watermark != partition.committed_end) return "the committed prefix";
  for (size_t i = 0; i < partition.copies.size(); ++i) {
    const Copy& copy = partition.copies[i];
    const std::string what = Differs(ledger.ReplicasOf(partition.id)[i], copy);
    if (!what.empty()) return what + " of broker " + std::to_string(copy.broker.node_id());
  }
  return "";
}

std::string SlowTwin::DifferenceFrom(const kafka::ledger::Ledger& ledger) const {
  for (const Partition& partition : partitions_) {
    const std::string what = Differs(ledger, partition);
    if (!what.empty()) return what + ", partition " + std::to_string(partition.id.value);
  }
  if (ledger.registered != registered_) return "who has registered";
  for (uint8_t b = 0; b < crashes_.size(); ++b) {
    const bool runs = world_->engine.process(kafka::MachineOf(BrokerId{b})).life.running;
    if (runs != ledger.running.contains({b})) return "which processes run";
  }
  return "";
}

void SlowTwin::Keep(const std::string& difference) {
  if (!first_difference_.empty()) return;
  first_difference_ = difference + ", after event " + std::to_string(event_.value);
}

void SlowTwin::OnEnd(const kafka::RunOutcome& outcome, const kafka::World& world) {
  world_ = &world;
  CheckAcked();
  const auto& tables = world.tables;
  for (uint32_t b = 0; b < tables.batches.size(); ++b) {
    const auto& facts = world.observer.truth.ledger.FirstOf(tables, {b});
    const bool answers = facts.has(kafka::ledger::MessageFacts::kAnswered);
    if (answers && facts.acks() != kafka::Acks::kNone) continue;
    if (b < answered_.size() && answered_[b]) Keep("an answer that nobody said");
  }
  for (uint32_t i = 0; i < kafka::invariants::kInvariantCount; ++i) {
    // Once a process has written more than its file held, no picture is right: only that counts.
    const bool forged = violated(kafka::invariants::Invariant::kHonestRecovery) != 0;
    if (forged && i != static_cast<uint32_t>(kafka::invariants::Invariant::kHonestRecovery))
      continue;
    const bool here = violated_[i] != 0;
    const bool folds = outcome.invariants[i].violated != 0;
    if (here == folds) continue;
    const char* name = NameOf(static_cast<kafka::invariants::Invariant>(i));
    Keep(std::string(name) +
         (here ? " is violated and no fold saw it: " : " holds, say folds no: ") +
         first_violation_[i]);
  }
}

}  // namespace fate_tests
