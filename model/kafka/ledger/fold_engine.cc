// What the engine says: processes, hosts, and what became of files.
#include <algorithm>

#include "model/kafka/ledger/ledger.h"
#include "sim/storage/host_storage.h"

namespace kafka::ledger {

using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::Offset;
using kafka::PartitionId;

namespace {

BrokerSet SetOf(BrokerId broker) { return broker.exists() ? BrokerSet::Of(broker) : BrokerSet{}; }

}  // namespace

void Ledger::FoldEngine(const sim::Note& note, const kafka::Tables& tables,
                        const kafka::Setup& setup) {
  switch (note.kind) {
    case sim::kNoteProcessStarted: {
      const BrokerId broker = BrokerAt(setup, note.machine);
      running = running | SetOf(broker);
      if (broker.exists()) incarnations[broker] = static_cast<uint16_t>(note.a);
      break;
    }
    case sim::kNoteProcessKilled:
    case sim::kNoteProcessExited:
    case sim::kNoteStopRequested:
      OnProcessEnded(note, tables, setup);
      break;
    case sim::kNoteKernelPanic:
    case sim::kNotePowerLost:
      OnKernelLost(note, setup);
      break;
    case sim::kNotePowerBack:
      dark = dark - SetOf(BrokerOfHost(setup, note.subject));
      break;
    case sim::kNoteDataLost:
      OnDataLost(note, tables, setup);
      break;
    case sim::kNoteWrittenBack:
      OnWrittenBack(note, tables, setup);
      break;
    default:
      break;
  }
}

void Ledger::OnProcessEnded(const sim::Note& note, const kafka::Tables& tables,
                            const kafka::Setup& setup) {
  const BrokerId broker = BrokerAt(setup, note.machine);
  using Kind = Incident::Kind;
  const Kind kind = note.kind == sim::kNoteProcessKilled   ? Kind::kKilled
                    : note.kind == sim::kNoteProcessExited ? Kind::kExited
                                                           : Kind::kStopRequested;
  incidents.push_back({.kind = kind, .broker = broker, .at = at()});
  if (kind == Kind::kStopRequested) return;
  const kafka::ProducerIndex producer = ProducerAt(setup, note.machine);
  if (producer.exists()) abandoned_below[producer] = static_cast<uint32_t>(tables.messages.size());
  if (!broker.exists()) return;
  running = running.Without(broker);
  registered = registered.Without(broker);
  for (Replica& replica : replicas) {
    if (replica.broker != broker) continue;
    replica.leads = false;
    replica.answered_by = BrokerId::None();  // whoever would have read the answer is gone
  }
}

// The kernel goes with its sockets: answers in them reach nobody. (Those on the wire already do;
// the ledger counts them as lost, so a guard may hold a little early.)
void Ledger::OnKernelLost(const sim::Note& note, const kafka::Setup& setup) {
  const BrokerId broker = BrokerOfHost(setup, note.subject);
  const auto kind =
      note.kind == sim::kNotePowerLost ? Incident::Kind::kPowerLost : Incident::Kind::kPanic;
  incidents.push_back({.kind = kind, .broker = broker, .at = at()});
  dark = dark | SetOf(broker);
  for (Replica& replica : replicas) {
    if (replica.answered_by == broker) replica.answered_by = BrokerId::None();
  }
}

// From the first byte that is not its own on, a log's file is of no use to whoever recovers it
// (KB:S-42), whatever stands behind.
void Ledger::OnDataLost(const sim::Note& note, const kafka::Tables& tables,
                        const kafka::Setup& setup) {
  const uint32_t file = note.subject & 0xffff;
  if (file >= partitions.size()) return;
  const PartitionId id{static_cast<uint16_t>(file)};
  Replica* replica = Find(id, BrokerOfHost(setup, note.subject >> 16));
  if (replica == nullptr) return;
  const TableView table{&tables, id};
  const Offset end = replica->log.OffsetAtByte(table, note.a);
  Cut(tables, id, *replica, end, Removal::How::kUnsyncedLost);
}

void Ledger::OnWrittenBack(const sim::Note& note, const kafka::Tables& tables,
                           const kafka::Setup& setup) {
  const auto kind = static_cast<sim::StorageReportKind>(note.c);
  // Bytes that left the page cache are of no use until the journal knows the file's size.
  if (kind == sim::StorageReportKind::kWrittenBack) return;
  const uint32_t file = note.subject & 0xffff;
  if (file >= partitions.size()) return;
  const PartitionId id{static_cast<uint16_t>(file)};
  Replica* replica = Find(id, BrokerOfHost(setup, note.subject >> 16));
  if (replica == nullptr) return;
  const TableView table{&tables, id};
  const bool joins = note.a <= replica->log.BytesBelow(table, replica->durable_end);
  if (!joins) return;
  replica->durable_end = std::max(replica->durable_end, replica->log.OffsetAtByte(table, note.b));
}

}  // namespace kafka::ledger
