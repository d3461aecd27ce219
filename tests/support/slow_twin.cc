// What has changed between two looks at the World.
#include "tests/support/slow_twin.h"

#include <algorithm>
#include <cstring>

namespace fate_tests {
namespace {

using kafka::MetadataRecord;

void AddEntries(const kafka::Run& run, uint32_t from, std::vector<uint32_t>& out) {
  for (uint32_t i = from; i < run.count; ++i) out.push_back(run.first.value + i);
}

std::vector<uint32_t> EntriesOf(const kafka::Log& log) {
  std::vector<uint32_t> entries;
  for (const kafka::Run& run : log.runs) AddEntries(run, 0, entries);
  return entries;
}

// Most changes are appends: `now` goes on where `was` ends.
bool Continues(const kafka::Log& was, const kafka::Log& now) {
  const size_t n = was.runs.size();
  if (now.runs.size() < n) return false;
  if (n == 0) return true;
  if (!std::equal(was.runs.begin(), was.runs.end() - 1, now.runs.begin())) return false;
  return now.runs[n - 1].first == was.runs[n - 1].first &&
         now.runs[n - 1].count >= was.runs[n - 1].count;
}

struct LogChange {
  std::vector<uint32_t> removed;
  std::vector<uint32_t> added;
};

LogChange ChangeOf(const kafka::Log& was, const kafka::Log& now) {
  LogChange change;
  if (Continues(was, now)) {
    const size_t n = was.runs.size();
    if (n > 0) AddEntries(now.runs[n - 1], was.runs[n - 1].count, change.added);
    for (size_t i = n; i < now.runs.size(); ++i) AddEntries(now.runs[i], 0, change.added);
    return change;
  }
  const std::vector<uint32_t> before = EntriesOf(was);
  const std::vector<uint32_t> after = EntriesOf(now);
  const auto [left, right] =
      std::mismatch(before.begin(), before.end(), after.begin(), after.end());
  change.removed.assign(left, before.end());
  change.added.assign(right, after.end());
  return change;
}

// By the topic's setting, or since an operator may have asked.
bool MayBeUnclean(const kafka::Setup& setup, kafka::PartitionId partition) {
  if (setup.topic_of(partition).unclean_leader_election) return true;
  return std::any_of(setup.acts.begin(), setup.acts.end(), [](const kafka::Act& act) {
    const bool sets = act.kind == kafka::Act::Kind::kChangeSetting && act.value != 0 &&
                      act.setting == kafka::TopicSetting::kUncleanLeaderElection;
    return sets || act.unclean;
  });
}

}  // namespace

void SlowTwin::OnBegin(const kafka::World& world) {
  world_ = &world;
  partitions_.clear();
  const auto& setup = *world.config;
  for (uint16_t i = 0; i < setup.partitions.size(); ++i) {
    const auto& state = world.machines<kafka::controller::Controller>()[0].process.partitions[i];
    Partition partition;
    partition.id = {i};
    partition.record.leader = state.leader;
    partition.record.isr = state.isr;
    partition.record.leader_epoch = state.leader_epoch;
    partition.leaderships.push_back({state.leader, state.leader_epoch, false});
    for (const BrokerId broker : setup.partitions[i].replicas) {
      Copy copy;
      copy.broker = broker;
      copy.epoch = state.leader_epoch;
      copy.min_isr = setup.EffectiveMinIsr({i}, setup.topic_on(broker, {i}));
      copy.log.partition = {i};
      partition.copies.push_back(copy);
    }
    partitions_.push_back(partition);
  }
  crashes_.assign(setup.brokers.size(), 0);
  incarnations_.clear();
  for (uint8_t b = 0; b < setup.brokers.size(); ++b) {
    incarnations_.push_back(world.engine.process(kafka::MachineOf(BrokerId{b})).incarnation);
  }
  registered_ = {static_cast<uint16_t>((1u << setup.brokers.size()) - 1)};
  answered_.clear();
  records_seen_ = world.tables.metadata.size();
  sends_seen_ = 0;
  event_ = {};
  violated_ = {};
  first_violation_ = {};
  first_difference_.clear();
  looks_ = 0;
}

void SlowTwin::BeforeStrike(const kafka::Effects& effects, const kafka::World& world) {
  if (!partitions_.empty() && world_ == &world) Look(effects, world);
}

void SlowTwin::AfterEvent(const kafka::Effects& effects, const kafka::World& world) {
  Look(effects, world);
  if (!first_difference_.empty()) return;
  // A process that claimed more than its file holds has written it there: no picture knows that.
  if (violated(kafka::invariants::Invariant::kHonestRecovery) != 0) return;
  const std::string difference = DifferenceFrom(world.observer.truth.ledger);
  if (!difference.empty()) Keep(difference);
}

void SlowTwin::Look(const kafka::Effects& effects, const kafka::World& world) {
  world_ = &world;
  ++looks_;
  if (event_ != world.engine.last_event()) {
    event_ = world.engine.last_event();
    sends_seen_ = 0;
    for (Partition& partition : partitions_) {
      for (Copy& copy : partition.copies) {
        copy.admitted = false;
        copy.moves = 0;
      }
    }
  }
  for (uint8_t b = 0; b < crashes_.size(); ++b) LookAtBroker({b});
  LookAtSends(effects);
  LookAtRecords();
}

void SlowTwin::LookAtBroker(BrokerId broker) {
  const sim::Process& host_process = world_->engine.process(kafka::MachineOf(broker));
  const auto& process = world_->machines<kafka::broker::Broker>()[broker.value].process;
  const bool up =
      host_process.life.running && process.phase != kafka::broker::Process::Phase::kDown;
  if (!host_process.life.running || host_process.incarnation != incarnations_[broker.value]) {
    registered_ = registered_.Without(broker);
    incarnations_[broker.value] = host_process.incarnation;
  }
  const uint32_t crashes = world_->engine.host(host_process.host).crashes;
  const bool crashed = crashes != crashes_[broker.value];
  crashes_[broker.value] = crashes;
  for (Partition& partition : partitions_) {
    Copy* copy = Find(partition, broker);
    if (copy == nullptr) continue;
    if (up) {  // one that was added during the run may not be there yet
      const kafka::broker::Partition* hosted = process.Find(partition.id);
      if (hosted != nullptr && !copy->up) LookAtStarted(partition, *copy, *hosted);
      const bool syncs = process.lead_syncing == partition.id;
      if (hosted != nullptr && (syncs || (copy->leads && !hosted->leads()))) {
        LookAtWhatItWas(partition, *copy, *hosted);
      }
      if (hosted != nullptr && !syncs) LookAtRunning(partition, *copy, *hosted);
      copy->min_isr = MinIsrOn(broker, partition);  // settings come into force last (KB:C-35)
    } else if (copy->up || crashed) {
      LookAtDown(partition, *copy, crashed);
    }
  }
}

void SlowTwin::LookAtDown(Partition& partition, Copy& copy, bool crashed) {
  const sim::HostId host = world_->engine.process(kafka::MachineOf(copy.broker)).host;
  const kafka::Log file =
      kafka::RecoverFrom(world_->tables, partition.id,
                         world_->engine.storage(host).Read(kafka::LogFile(partition.id)));
  const LogChange change = ChangeOf(copy.log, file);
  const bool differs = !change.added.empty() || !change.removed.empty();
  if (differs && !crashed) {
    Keep("a log and its file of broker " + std::to_string(copy.broker.node_id()));
  }
  copy.up = copy.leads = copy.pending = false;
  copy.proposed = {};
  copy.told_at_most = Offset::Unknown();
  copy.remotes.clear();
  copy.file = file;
  CutToFile(partition, copy, change.removed);
}

// What a crash took goes at once; what it brought back nobody has before it was recovered.
void SlowTwin::CutToFile(Partition& partition, Copy& copy, const Change& removed) {
  Remove(partition, copy, removed, true);
  if (removed.empty()) return;
  kafka::TruncateTo(world_->tables, copy.log, At(partition, removed.front()).base());
}

void SlowTwin::LookAtStarted(Partition& partition, Copy& copy,
                             const kafka::broker::Partition& now) {
  CheckRecovery(partition, copy, now.log);
  Remove(partition, copy, ChangeOf(copy.log, now.log).removed, false);
  copy.up = true;
  copy.min_isr = FirstMinIsr(copy.broker, partition);  // it reads all changes anew
  copy.told_at_most = Offset::Unknown();
  copy.log = now.log;
  copy.high_watermark = now.high_watermark;
  copy.recovery_point = now.recovery_point;
}

void SlowTwin::LookAtRunning(Partition& partition, Copy& copy,
                             const kafka::broker::Partition& now) {
  const bool same =
      copy.high_watermark == now.high_watermark && copy.recovery_point == now.recovery_point &&
      copy.leads == now.leads() && (now.leader_epoch.value < 0 || copy.epoch == now.leader_epoch) &&
      copy.isr == now.isr.committed && copy.pending == now.isr.pending() &&
      copy.proposed == now.isr.proposed && copy.partition_epoch == now.partition_epoch &&
      copy.log == now.log && copy.remotes == now.remotes;
  if (same) return;
  const Copy was = copy;
  const LogChange change = ChangeOf(was.log, now.log);
  copy.leads = now.leads();
  if (now.leader_epoch.value >= 0) copy.epoch = now.leader_epoch;
  copy.isr = now.isr.committed;
  copy.pending = now.isr.pending();
  copy.proposed = now.isr.proposed;
  copy.partition_epoch = now.partition_epoch;
  Forget(partition, was, copy);
  copy.log = now.log;
  copy.remotes = now.remotes;
  copy.recovery_point = now.recovery_point;
  CheckFlushed(partition, copy, was.recovery_point);
  if (copy.leads && (!was.leads || was.epoch != copy.epoch)) BecomeLeader(partition, copy);
  CheckRemoved(partition, copy.broker, change.removed);
  Remove(partition, copy, change.removed, false);
  CheckAdded(partition, now, copy.broker, change.added);
  if (!change.added.empty()) ++copy.moves;
  if (was.isr != copy.isr || was.pending != copy.pending) ++copy.moves;
  if (!change.added.empty() && partition.claim_to > partition.committed_end) Advance(partition);
  CheckAdmitted(partition, copy, was);
  copy.high_watermark = now.high_watermark;
  if (copy.leads) {
    ClaimForgetful(partition, copy, was.high_watermark);
    CheckLeaderWatermark(partition, copy, was);
  } else {
    Expect(kafka::invariants::Invariant::kFenced, !copy.pending, partition, copy.broker);
    CheckFollowerWatermark(partition, copy, was.high_watermark);
  }
}

// A new leader says that it leads when its epoch is on the disk; until then it is what it was. In
// the event that ends what it was, it may have appended and advanced before.
void SlowTwin::LookAtWhatItWas(Partition& partition, Copy& copy,
                               const kafka::broker::Partition& now) {
  if (copy.log == now.log && copy.high_watermark == now.high_watermark) return;
  using Isr = kafka::broker::IsrState;
  kafka::broker::Partition before = now;
  before.role = copy.leads ? kafka::broker::Role::kLeader : kafka::broker::Role::kFollower;
  before.leader_epoch = copy.epoch;
  before.partition_epoch = copy.partition_epoch;
  before.remotes = copy.remotes;
  before.isr.committed = copy.isr;
  before.isr.proposed = copy.proposed;
  before.isr.kind = copy.pending ? Isr::Kind::kPendingExpand : Isr::Kind::kCommitted;
  LookAtRunning(partition, copy, before);
}

void SlowTwin::Remove(Partition& partition, const Copy& copy, const Change& removed,
                      bool with_cache) {
  for (const uint32_t entry : removed) {
    partition.removals.push_back({copy.broker, entry, with_cache});
  }
}

// The controller's own log: each record says how it left the partition.
void SlowTwin::LookAtRecords() {
  const auto& records = world_->tables.metadata;
  for (; records_seen_ < records.size(); ++records_seen_) {
    const MetadataRecord& record = records[records_seen_];
    if (record.kind == MetadataRecord::Kind::kRegister) {
      // What a process sent may arrive when it is dead, or when its successor runs already.
      const auto& process = world_->engine.process(kafka::MachineOf(record.broker));
      const auto& controller = world_->machines<kafka::controller::Controller>()[0].process;
      const bool it_is = controller.brokers[record.broker].incarnation == process.incarnation;
      if (process.life.running && it_is) registered_ = registered_.With(record.broker);
      for (Partition& each : partitions_) CheckCandidates(each, BrokerSet::Of(record.broker));
    }
    if (record.kind != MetadataRecord::Kind::kPartition) continue;
    Partition& partition = partitions_[record.partition.value];
    const MetadataRecord& was = partition.record;
    const bool elected = record.leader_epoch > was.leader_epoch && record.leader.exists();
    if (elected) {
      const auto& setup = *world_->config;
      const bool in_sync = (was.isr | was.elr).contains(record.leader);
      const bool known = setup.controller.elr && was.last_known_leader == record.leader;
      const bool allowed = known || MayBeUnclean(setup, partition.id);
      partition.leaderships.push_back({record.leader, record.leader_epoch, !in_sync && allowed});
    }
    partition.record = record;
    Admit(partition);
    if (partition.claim_to > partition.committed_end) Advance(partition);
    CheckCandidates(partition, {0xffff});
  }
}

void SlowTwin::LookAtSends(const kafka::Effects& effects) {
  const auto all = effects.effects();
  for (; sends_seen_ < all.size(); ++sends_seen_) {
    const sim::Effect& effect = all[sends_seen_];
    if (effect.kind != sim::EffectKind::kSend) continue;
    if (effect.body_kind == kafka::Bodies::KindOf<kafka::FetchResponse>()) {
      LookAtFetchAnswer(effect, effects.WordsOf(effect));
    } else if (effect.body_kind == kafka::Bodies::KindOf<kafka::ProduceResponse>()) {
      const auto* bytes = reinterpret_cast<const std::byte*>(effects.WordsOf(effect).data());
      for (size_t at = sizeof(kafka::ProduceResponse); at < effect.size;
           at += sizeof(kafka::ProduceResponse::Item)) {
        kafka::ProduceResponse::Item item;
        std::memcpy(&item, bytes + at, sizeof(item));
        if (item.error != kafka::Error::kNone) continue;
        if (answered_.size() <= item.batch.value) answered_.resize(item.batch.value + 1);
        answered_[item.batch.value] = true;
      }
    }
  }
}

// Who asks has opened the connection.
void SlowTwin::LookAtFetchAnswer(const sim::Effect& effect, std::span<const uint64_t> words) {
  const sim::Engine& engine = world_->engine;
  const sim::MachineId asker = engine.PeerOf(effect.connection, sim::MachineId::None());
  if (!asker.exists()) return;
  const BrokerId leader = BrokerAt(*world_->config, engine.PeerOf(effect.connection, asker));
  const BrokerId follower = BrokerAt(*world_->config, asker);
  const auto* bytes = reinterpret_cast<const std::byte*>(words.data());
  for (size_t at = sizeof(kafka::FetchResponse); at < effect.size;
       at += sizeof(kafka::FetchResponse::Item)) {
    kafka::FetchResponse::Item item;
    std::memcpy(&item, bytes + at, sizeof(item));
    Partition& partition = partitions_[item.partition.value];
    const Copy* copy = Find(partition, leader);
    if (copy == nullptr || item.error != kafka::Error::kNone || item.diverging != 0) continue;
    Copy* told = follower.exists() ? Find(partition, follower) : nullptr;
    if (told != nullptr && copy->epoch >= told->epoch) {
      // With more in the event than this fetch, it may have been parked first, and answered then.
      const bool at_once = told->admitted && copy->moves <= 1;
      told->told_at_most = at_once ? told->before : copy->high_watermark;
    }
    if (!follower.exists() && item.count > 0) {
      CheckServed(partition, *copy, item.first.value, item.count);
    }
  }
}

// A leader that has been replaced may still be right; its claim is looked at once.
void SlowTwin::Claim(Partition& partition, const Copy& copy, Offset to) {
  const auto before = std::tuple(partition.claim_by, partition.claim_view, partition.claim_epoch,
                                 partition.claim_to, partition.claim_min_isr);
  const bool outdated = copy.epoch < partition.claim_epoch;
  partition.claim_by = copy.broker;
  partition.claim_view = copy.isr;
  partition.claim_epoch = copy.epoch;
  partition.claim_to = to;
  partition.claim_min_isr = copy.min_isr;
  Advance(partition);
  if (!outdated) return;
  std::tie(partition.claim_by, partition.claim_view, partition.claim_epoch, partition.claim_to,
           partition.claim_min_isr) = before;
}

// Committed (docs/promise.md): claimed by a leader with enough in sync, and everybody on whom it
// waited or whom the controller could elect has had it.
void SlowTwin::Advance(Partition& partition) {
  if (partition.claim_view.size() < partition.claim_min_isr) return;
  const Copy* claimant = Find(partition, partition.claim_by);
  if (claimant == nullptr) return;
  const BrokerSet electable = partition.record.isr | partition.record.elr;
  const auto has_had = [&](const Copy& copy, uint32_t entry) {
    if (electable.contains(copy.broker)) return HasHad(partition, copy, entry);
    return !partition.claim_view.contains(copy.broker) || EverHad(partition, copy, entry);
  };
  while (partition.committed_end < partition.claim_to) {
    const kafka::AppendedId entry =
        kafka::EntryAt(world_->tables, claimant->log, partition.committed_end);
    if (!entry.exists() || EndOf(partition, entry.value) > partition.claim_to) return;
    for (const Copy& copy : partition.copies) {
      if (!has_had(copy, entry.value)) return;
    }
    partition.committed.push_back(entry.value);
    partition.committed_end = EndOf(partition, entry.value);
  }
}

}  // namespace fate_tests
