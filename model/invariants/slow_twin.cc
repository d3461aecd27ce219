#include "model/invariants/slow_twin.h"

#include <algorithm>

namespace invariants {
namespace {

using kafka::AppendedId;
using kafka::BrokerId;
using kafka::Offset;
using kafka::PartitionId;
using Copy = kafka::broker::Partition;

// Every entry of a real log, one after the other.
std::vector<uint32_t> EntriesOf(const kafka::Log& log) {
  std::vector<uint32_t> entries;
  for (const kafka::Run& run : log.runs) {
    for (uint32_t i = 0; i < run.count; ++i) entries.push_back(run.first.value + i);
  }
  return entries;
}
std::vector<uint32_t> EntriesOf(const ledger::ShadowLog& log) {
  std::vector<uint32_t> entries;
  for (const ledger::ShadowRun& run : log.runs) {
    for (uint32_t i = 0; i < run.ids.count; ++i) entries.push_back(run.ids.first + i);
  }
  return entries;
}

const Copy* CopyOf(const State& state, BrokerId broker, PartitionId id) {
  return state.brokers[broker.value].process.Find(id);
}

bool IsUp(const State& state, BrokerId broker) {
  const auto phase = state.brokers[broker.value].process.phase;
  return phase != kafka::broker::Process::Phase::kDown;
}

bool HoldsAll(const kafka::Log& log, const ledger::ShadowLog& prefix) {
  const std::vector<uint32_t> held = EntriesOf(log);
  const std::vector<uint32_t> wanted = EntriesOf(prefix);
  return std::all_of(wanted.begin(), wanted.end(), [&](uint32_t entry) {
    return std::find(held.begin(), held.end(), entry) != held.end();
  });
}

// Two logs below an offset, entry by entry.
bool SameBelow(const State& state, const Copy& a, const Copy& b, Offset limit) {
  const std::vector<uint32_t> left = EntriesOf(a.log);
  const std::vector<uint32_t> right = EntriesOf(b.log);
  for (size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
    if (state.tables.At(a.id, {left[i]}).base >= limit) return true;
    if (left[i] != right[i]) return false;
  }
  return true;
}

void CompareReplica(const State& state, PartitionId id, const ledger::Replica& shadow,
                    std::vector<Disagreement>& out) {
  if (!IsUp(state, shadow.broker)) return;
  const Copy* copy = CopyOf(state, shadow.broker, id);
  if (copy == nullptr) return;
  const auto differ = [&](bool differs, const char* what) {
    if (differs) out.push_back({what, id, shadow.broker});
  };
  differ(EntriesOf(copy->log) != EntriesOf(shadow.log), "entries of the log");
  differ(copy->log.end != shadow.log.end, "log end");
  differ(copy->log.bytes != shadow.log.bytes, "bytes of the log");
  differ(copy->high_watermark != shadow.high_watermark, "high watermark");
  differ(copy->leads() != shadow.leads, "leadership");
  const bool acts = copy->leader_epoch.value >= 0;
  differ(acts && copy->leader_epoch != shadow.epoch, "leader epoch");
}

void ComparePartition(const State& state, PartitionId id, std::vector<Disagreement>& out) {
  const auto& real = state.controller.process.partitions[id.value];
  const ledger::PartitionRecord& record = state.ledger.of(id).record;
  const bool same = real.leader == record.leader && real.isr == record.isr &&
                    real.elr == record.elr && real.leader_epoch == record.leader_epoch &&
                    real.last_known_leader == record.last_known_leader;
  if (!same) out.push_back({"the controller's record", id, real.leader});
}

}  // namespace

std::vector<Disagreement> ComparePictures(const State& state) {
  std::vector<Disagreement> out;
  for (uint16_t i = 0; i < state.ledger.partitions.size(); ++i) {
    ComparePartition(state, {i}, out);
    for (const ledger::Replica& replica : state.ledger.ReplicasOf({i})) {
      CompareReplica(state, {i}, replica, out);
    }
  }
  for (uint8_t b = 0; b < state.brokers.size(); ++b) {
    // The other way round is no difference: a process that was started has not come to itself yet.
    if (IsUp(state, {b}) && !state.ledger.running.contains({b})) {
      out.push_back({"whether the process runs", {}, {b}});
    }
  }
  return out;
}

std::vector<Violation> LookAtState(const State& state) {
  std::vector<Violation> out;
  const auto broken = [&](Invariant invariant, PartitionId id, BrokerId broker) {
    out.push_back({invariant, broker, id, state.ledger.at(), Offset::Unknown()});
  };
  for (uint16_t p = 0; p < state.ledger.partitions.size(); ++p) {
    const PartitionId id{p};
    const auto& record = state.controller.process.partitions[p];
    const ledger::ShadowLog& committed = state.ledger.of(id).committed;
    for (const BrokerId a : state.setup.partitions[p].replicas) {
      const Copy* copy = IsUp(state, a) ? CopyOf(state, a, id) : nullptr;
      if (copy == nullptr) continue;
      const bool newest = copy->leads() && copy->leader_epoch == record.leader_epoch;
      const bool whole = HoldsAll(copy->log, committed);
      if (newest && !whole) broken(Invariant::kLeaderComplete, id, a);
      const bool eligible = (record.isr | record.elr).contains(a);
      const bool known =
          state.brokers[a.value].process.registered || state.ledger.registered.contains(a);
      if (eligible && known && !whole) broken(Invariant::kCandidateComplete, id, a);
      for (const BrokerId b : state.setup.partitions[p].replicas) {
        const Copy* other = a < b && IsUp(state, b) ? CopyOf(state, b, id) : nullptr;
        if (other == nullptr) continue;
        const Offset limit = std::min(copy->high_watermark, other->high_watermark);
        if (!SameBelow(state, *copy, *other, limit)) broken(Invariant::kLogMatch, id, b);
        const bool two = copy->leads() && other->leads();
        if (two && copy->leader_epoch == other->leader_epoch) broken(Invariant::kFenced, id, b);
      }
    }
  }
  return out;
}

}  // namespace invariants
