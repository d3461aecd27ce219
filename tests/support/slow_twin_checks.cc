// The questions, one function each.
#include <algorithm>

#include "tests/support/slow_twin.h"

namespace fate_tests {

using kafka::LeaderEpoch;
using kafka::invariants::Invariant;

namespace {}  // namespace

void SlowTwin::Expect(Invariant invariant, bool holds, const Partition& partition,
                      BrokerId broker) {
  if (holds) return;
  const auto index = static_cast<uint32_t>(invariant);
  if (violated_[index]++ != 0) return;
  first_violation_[index] = "partition " + std::to_string(partition.id.value) + ", broker " +
                            std::to_string(broker.node_id()) + ", event " +
                            std::to_string(event_.value);
}

// FC:I18: what a process starts with is in its file.
void SlowTwin::CheckRecovery(const Partition& partition, const Copy& was, const kafka::Log& now) {
  Expect(Invariant::kHonestRecovery, now.end <= was.file.end, partition, was.broker);
}

// FC:I18: what the recovery point rises over would be read after a power loss now. A drive that lies
// and a name that may go make that untrue, whatever a broker does.
void SlowTwin::CheckFlushed(const Partition& partition, const Copy& copy, Offset was) {
  if (copy.recovery_point <= was) return;
  const sim::FileId file = kafka::LogFile(partition.id);
  const sim::HostId host = world_->engine.process(kafka::MachineOf(copy.broker)).host;
  const sim::HostStorage& disk = world_->engine.storage(host);
  if (!disk.config().barriers || disk.config().missing_name) return;
  const auto whole = disk.Read(file);
  const uint64_t durable = disk.DurableEnd(file);
  std::vector<sim::Extent> extents;
  for (sim::Extent extent : whole) {
    if (extent.from >= durable) break;
    extent.to = std::min(extent.to, durable);
    extents.push_back(extent);
  }
  const kafka::Log kept = kafka::RecoverFrom(world_->tables, partition.id, extents);
  Expect(Invariant::kHonestFlush, copy.recovery_point <= kept.end, partition, copy.broker);
}

// FC:I4, one half: nobody who runs cuts off what is committed.
void SlowTwin::CheckRemoved(const Partition& partition, BrokerId broker, const Change& removed) {
  for (const uint32_t entry : removed) {
    const auto& committed = partition.committed;
    const bool is_committed =
        std::find(committed.rbegin(), committed.rend(), entry) != committed.rend();
    if (is_committed) return Expect(Invariant::kCommittedPrefix, false, partition, broker);
  }
}

// FC:I8 and a part of FC:I10 (KB:P-15).
void SlowTwin::CheckAdded(const Partition& partition, const kafka::broker::Partition& now,
                          BrokerId broker, const Change& added) {
  for (const uint32_t entry : added) {
    const LeaderEpoch epoch = At(partition, entry).epoch();
    const bool allowed = now.leads() ? epoch == now.leader_epoch : epoch <= now.leader_epoch;
    Expect(Invariant::kFenced, allowed, partition, broker);
    if (!now.leads()) continue;
    Expect(Invariant::kNoDup, !IsDuplicate(partition, now.log, entry), partition, broker);
  }
}

// Sent again under another epoch it is another batch to every broker (KB:P-31).
bool SlowTwin::IsDuplicate(const Partition& partition, const kafka::Log& log,
                           uint32_t entry) const {
  const kafka::Batch& batch = world_->tables[At(partition, entry).batch];
  if (batch.producer_id < 0) return false;
  for (const kafka::Run& run : log.runs) {
    for (uint32_t i = run.first.value; i < run.first.value + run.count && i != entry; ++i) {
      const kafka::Batch& other = world_->tables[At(partition, i).batch];
      if (other.first == batch.first && other.producer_id == batch.producer_id &&
          other.producer_epoch == batch.producer_epoch) {
        return true;
      }
    }
  }
  return false;
}

// FC:I2 and FC:I7: whoever begins to lead has what is committed, and what was delivered. What it
// lacks is then no longer compared with.
void SlowTwin::BecomeLeader(Partition& partition, Copy& copy) {
  const auto unexcused = [&](uint32_t entry) {
    return !Holds(copy.log, entry) && !Excused(partition, copy.broker, entry);
  };
  const bool outdated = copy.epoch < partition.record.leader_epoch;
  if (!outdated) {
    bool whole = true;
    for (const uint32_t entry : partition.committed) {
      if (Holds(copy.log, entry)) continue;
      const bool excused = !unexcused(entry);
      partition.drops.push_back({entry, excused, copy.epoch});
      whole = whole && excused;
    }
    Expect(Invariant::kLeaderComplete, whole, partition, copy.broker);
    for (const auto& [base, entry] : partition.delivered.entries) {
      if (Holds(copy.log, entry)) continue;
      Expect(Invariant::kStableRead, !unexcused(entry), partition, copy.broker);
      break;
    }
  }
  if (copy.epoch < partition.claim_epoch) return;
  for (Seen* seen : {&partition.below_watermark, &partition.delivered}) {
    const auto missing = std::find_if(seen->entries.begin(), seen->entries.end(),
                                      [&](const auto& it) { return !Holds(copy.log, it.second); });
    if (missing == seen->entries.end()) continue;
    if (outdated && unexcused(missing->second)) continue;  // nobody's leader
    seen->end = {missing->first};
    seen->entries.erase(missing, seen->entries.end());
  }
  const int64_t keep = FirstMissing(partition.committed, copy.log);
  partition.committed.resize(static_cast<size_t>(keep));
  partition.committed_end =
      partition.committed.empty() ? Offset{0} : EndOf(partition, partition.committed.back());
  partition.claim_by = copy.broker;
  partition.claim_view = {};
  partition.claim_epoch = copy.epoch;
  partition.claim_to = {0};
}

// KB:I-16, the other half of FC:I4 (KB:I-14), and FC:I3.
void SlowTwin::CheckLeaderWatermark(Partition& partition, Copy& copy, const Copy& was) {
  const Offset to = copy.high_watermark;
  if (to == was.high_watermark) return;
  Expect(Invariant::kMinIsr, copy.isr.size() >= copy.min_isr, partition, copy.broker);
  const bool rises = to > was.high_watermark;
  if (!rises || !IsReplacedUncleanly(partition, copy.epoch)) {
    bool same = rises;
    for (auto entry = partition.committed.rbegin(); entry != partition.committed.rend(); ++entry) {
      if (At(partition, *entry).base() >= to) continue;
      const auto missing = static_cast<size_t>(FirstMissing(partition.committed, copy.log));
      same = same &&
             (Holds(copy.log, *entry) ||
              IsAnotherHistory(partition, copy, At(partition, partition.committed[missing]).base(),
                               partition.committed[missing]));
      break;
    }
    Expect(Invariant::kCommittedPrefix, same, partition, copy.broker);
  }
  Claim(partition, copy, to);
  if (rises) CheckLogMatch(partition, copy, was.high_watermark);
}

// KB:I-17: no more than the leader's was when it answered; at once: before the fetch (KB:R-12).
void SlowTwin::CheckFollowerWatermark(Partition& partition, Copy& copy, Offset was) {
  const Offset to = copy.high_watermark;
  if (to <= was) return;
  if (copy.told_at_most.known()) {
    Expect(Invariant::kFollowerWatermark, to <= copy.told_at_most, partition, copy.broker);
  }
  CheckLogMatch(partition, copy, was);
}

// FC:I3: what is below somebody's watermark is the same for everybody.
void SlowTwin::CheckLogMatch(Partition& partition, const Copy& copy, Offset from) {
  if (IsReplacedUncleanly(partition, copy.epoch)) return;
  Seen& seen = partition.below_watermark;
  for (Offset at = from; at < copy.high_watermark;) {
    const kafka::AppendedId entry = kafka::EntryAt(world_->tables, copy.log, at);
    if (!entry.exists() || EndOf(partition, entry.value) > copy.high_watermark) return;
    const Offset base = At(partition, entry.value).base();
    if (base >= seen.end) {
      seen.entries[base.value] = entry.value;
      seen.end = EndOf(partition, entry.value);
    } else if (auto it = seen.entries.upper_bound(at.value); it != seen.entries.begin()) {
      --it;
      const bool covers = EndOf(partition, it->second) > at;
      const bool same = !covers || it->second == entry.value;
      if (!same && IsAnotherHistory(partition, copy, base, it->second)) return;
      Expect(Invariant::kLogMatch, same, partition, copy.broker);
    }
    at = EndOf(partition, entry.value);
  }
}

// FC:I10: a follower that is behind its leader's epoch does not count. And two never lead one epoch
// (KB:I-4).
void SlowTwin::CheckAdmitted(Partition& partition, Copy& copy, const Copy& was) {
  if (!copy.leads) return;
  for (const Copy& other : partition.copies) {
    const bool two = other.broker != copy.broker && other.leads && other.epoch == copy.epoch;
    if (two) Keep("two leaders of one epoch");
  }
  if (!was.leads || was.epoch != copy.epoch) return;
  for (size_t i = 0; i < copy.remotes.size() && i < was.remotes.size(); ++i) {
    if (copy.remotes[i] == was.remotes[i]) continue;
    Copy* follower = Find(partition, copy.remotes[i].broker);
    if (follower == nullptr) continue;
    Expect(Invariant::kFenced, follower->epoch >= copy.epoch, partition, copy.broker);
    follower->admitted = true;
    ++copy.moves;
    follower->before = was.high_watermark;
  }
}

// Whoever could be elected has all that was committed (FC:I5).
void SlowTwin::CheckCandidates(Partition& partition, BrokerSet asked) {
  for (const Copy& copy : partition.copies) {
    const bool electable = (partition.record.isr | partition.record.elr).contains(copy.broker);
    if (!asked.contains(copy.broker) || !electable || !registered_.contains(copy.broker)) continue;
    if (!world_->engine.process(kafka::MachineOf(copy.broker)).life.running) continue;
    const auto missing = static_cast<size_t>(FirstMissing(partition.committed, copy.log));
    const bool holds = missing == partition.committed.size() ||
                       Excused(partition, copy.broker, partition.committed[missing]);
    Expect(Invariant::kCandidateComplete, holds, partition, copy.broker);
  }
}

// FC:I17 and FC:I16, of what goes out to consumers.
void SlowTwin::CheckServed(Partition& partition, const Copy& copy, uint32_t first, uint32_t count) {
  const Offset to = EndOf(partition, first + count - 1);
  Expect(Invariant::kReadLimit, to <= copy.high_watermark, partition, copy.broker);
  if (IsReplacedUncleanly(partition, copy.epoch)) return;
  Seen& seen = partition.delivered;
  for (uint32_t entry = first; entry < first + count; ++entry) {
    const Offset base = At(partition, entry).base();
    if (base >= seen.end) {
      seen.entries[base.value] = entry;
      seen.end = EndOf(partition, entry);
      continue;
    }
    auto it = seen.entries.upper_bound(base.value);
    if (it == seen.entries.begin()) continue;
    --it;
    const bool covers = EndOf(partition, it->second) > base;
    const bool same = !covers || it->second == entry;
    if (!same && IsAnotherHistory(partition, copy, base, it->second)) return;
    Expect(Invariant::kOffsetUnique, same, partition, copy.broker);
  }
}

// FC:I1, from the real log of the real leader at the end.
void SlowTwin::CheckAcked() {
  const auto& ledger = world_->observer.truth.ledger;
  const auto& tables = world_->tables;
  std::vector<bool> stored(tables.messages.size());
  for (Partition& partition : partitions_) {
    const Copy* leader = Find(partition, partition.record.leader);
    if (leader == nullptr || !leader->leads) continue;
    for (const kafka::Run& run : leader->log.runs) {
      for (uint32_t i = run.first.value; i < run.first.value + run.count; ++i) {
        const kafka::Batch& batch = tables[At(partition, i).batch];
        kafka::MessageId message = batch.first;
        for (uint32_t k = 0; k < batch.count; ++k, message = tables[message].next) {
          stored[message.value] = true;
        }
      }
    }
  }
  for (uint32_t i = 0; i < ledger.messages.size(); ++i) {
    const kafka::ledger::MessageFacts& facts = ledger.messages[i];
    const bool told = facts.has(kafka::ledger::MessageFacts::kTold);
    if (!told || !facts.has(kafka::ledger::MessageFacts::kAcksAll) || stored[i]) continue;
    Partition& partition = partitions_[tables.messages[i].partition.value];
    const Copy* leader = Find(partition, partition.record.leader);
    if (leader == nullptr || !leader->leads) continue;  // unavailable: nobody knows
    Expect(Invariant::kAckedDurable, !IsLost(partition, {i}), partition, partition.record.leader);
  }
}

}  // namespace fate_tests
