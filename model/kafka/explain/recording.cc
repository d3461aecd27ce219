#include "model/kafka/explain/recording.h"

#include <algorithm>

namespace kafka::explain {
namespace {

using kafka::BatchId;
using kafka::BrokerId;
using kafka::MessageId;

bool Holds(const kafka::Tables& tables, BatchId id, MessageId message) {
  const kafka::Batch& batch = tables[id];
  MessageId at = batch.first;
  for (uint32_t i = 0; i < batch.count && at.exists(); ++i) {
    if (at == message) return true;
    at = tables[at].next;
  }
  return false;
}

// Something that moves a copy from one layer to another, or away.
bool MovesCopies(const sim::Note& note) {
  return note
      .Is<sim::notes::ProcessStarted, sim::notes::ProcessKilled, sim::notes::ProcessExited,
          sim::notes::KernelPanic, sim::notes::PowerLost, sim::notes::PowerBack,
          sim::notes::WrittenBack, sim::notes::DataLost, sim::notes::DiskReplaced, notes::Appended,
          notes::Truncated, notes::LogKept, notes::Recovered, notes::FlushedTo>();
}

Layer LayerOf(const sim::HostStorage& disk, sim::FileId file, uint64_t end) {
  if (disk.DurableEnd(file) >= end) return Layer::kMedium;
  return disk.OnDriveEnd(file) >= end ? Layer::kDriveCache : Layer::kPageCache;
}

// The safest first; a dead broker's copy counts if there is no other.
int SafetyOf(Layer layer) {
  return layer == Layer::kNone ? 0 : layer == Layer::kDead ? 1 : 1 + static_cast<int>(layer);
}

}  // namespace

bool Recording::IsOurs(BatchId batch) const {
  return std::find(batches_.begin(), batches_.end(), batch) != batches_.end();
}

void Recording::Learn(const sim::Note& note, const kafka::World& world) {
  const auto learn = [&](BatchId batch) {
    if (!IsOurs(batch) && Holds(world.tables, batch, message_)) batches_.push_back(batch);
  };
  note.Visit<notes::BatchClosed, notes::Renumbered, notes::Appended>(
      [&](const notes::BatchClosed& closed) { learn(closed.batch); },
      [&](const notes::Renumbered& renumbered) { learn(renumbered.renumbered); },
      [&](const notes::Appended& appended) {
        if (!appended.as_leader) return;
        const uint32_t first = appended.first.value;
        for (uint32_t i = first; i < first + appended.count; ++i) {
          if (IsOurs(world.tables.At(appended.partition, {i}).batch)) entries_.push_back({i});
        }
      });
}

Copies Recording::CopiesIn(const kafka::World& world) const {
  Copies copies{};
  if (entries_.empty()) return copies;
  const kafka::PartitionId partition = world.tables[message_].partition;
  const kafka::ledger::Ledger& ledger = world.observer.truth.ledger;
  const kafka::ledger::TableView table{&world.tables, partition};
  for (const kafka::ledger::Replica& replica : ledger.ReplicasOf(partition)) {
    Layer& best = copies[replica.broker.value];
    for (const kafka::AppendedId entry : entries_) {
      if (!replica.log.Holds(entry)) continue;
      const sim::HostId host = world.engine.process(MachineOf(replica.broker)).host;
      const uint64_t end = replica.log.BytesBelow(table, table.EndOf(entry.value));
      const Layer layer = ledger.running.contains(replica.broker)
                              ? LayerOf(world.engine.storage(host), kafka::LogFile(partition), end)
                              : Layer::kDead;
      if (SafetyOf(layer) > SafetyOf(best)) best = layer;
    }
  }
  return copies;
}

void Recording::OnEvent(const sim::NoteHeader& now, std::span<const sim::Note> said,
                        const kafka::World& world) {
  sim::NoteHeader header = now;
  if (!header.event.exists()) header.event = {0};  // what is said before the first event
  bool moved = false;
  for (const sim::Note& note : said) {
    notes_.push_back({header, note});
    Learn(note, world);
    moved = moved || MovesCopies(note);
  }
  if (!moved || world.tables.messages.size() <= message_.value) return;
  const Copies copies = CopiesIn(world);
  const Copies before = states_.empty() ? Copies{} : states_.back().copies;
  if (copies == before) return;
  if (!states_.empty() && states_.back().event == header.event) {
    states_.back().copies = copies;
  } else {
    states_.push_back({header.event, header.time, copies});
  }
}

Copies Recording::After(sim::EventId event) const {
  Copies copies{};
  for (const CopyState& state : states_) {
    if (state.event > event) break;
    copies = state.copies;
  }
  return copies;
}

Copies Recording::Before(sim::EventId event) const {
  Copies copies{};
  for (const CopyState& state : states_) {
    if (state.event >= event) break;
    copies = state.copies;
  }
  return copies;
}

}  // namespace kafka::explain
