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
  namespace engine = sim::notes;
  using Kind = Incident::Kind;
  sim::EngineNotes::Visit(
      note,
      [&](const engine::ProcessStarted& said) {
        const BrokerId broker = BrokerAt(setup, note.machine);
        running = running | SetOf(broker);
        if (broker.exists()) incarnations[broker] = said.incarnation;
        for (Replica& replica : replicas) {  // it reads the changes anew
          if (replica.broker == broker) replica.min_isr = replica.first_min_isr;
        }
      },
      [&](const engine::ProcessKilled&) {
        OnProcessEnded(Kind::kKilled, note.machine, tables, setup);
      },
      [&](const engine::ProcessExited&) {
        OnProcessEnded(Kind::kExited, note.machine, tables, setup);
      },
      [&](const engine::StopRequested&) {
        OnProcessEnded(Kind::kStopRequested, note.machine, tables, setup);
      },
      [&](const engine::KernelPanic& said) { OnKernelLost(Kind::kPanic, said.host, setup); },
      [&](const engine::PowerLost& said) { OnKernelLost(Kind::kPowerLost, said.host, setup); },
      [&](const engine::PowerBack& said) { dark = dark - SetOf(BrokerOfHost(setup, said.host)); },
      [&](const engine::DataLost& said) { OnDataLost(said, tables, setup); },
      [&](const engine::DiskReplaced& said) { OnDiskReplaced(said.host, tables, setup); },
      [&](const engine::WrittenBack& said) { OnWrittenBack(said, tables, setup); },
      [&](const engine::Found& said) { OnFound(said, tables, setup); },
      sim::Ignored<engine::Paused, engine::Resumed, engine::DiskSlowed, engine::ClockStepped,
                   engine::LinkCut, engine::LinkHealed, engine::LinkSlowed, engine::Connected,
                   engine::Disconnected, engine::FaultFired, engine::GraceOver>{});
}

void Ledger::OnProcessEnded(Incident::Kind kind, sim::MachineId machine,
                            const kafka::Tables& tables, const kafka::Setup& setup) {
  using Kind = Incident::Kind;
  const BrokerId broker = BrokerAt(setup, machine);
  incidents.push_back({.kind = kind, .broker = broker, .at = at()});
  if (kind == Kind::kStopRequested) return;
  const kafka::ProducerIndex producer = ProducerAt(setup, machine);
  if (producer.exists()) {
    OnBlockedSendEnded(producer, tables, setup);
    abandoned_below[producer] = static_cast<uint32_t>(tables.messages.size());
  }
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
void Ledger::OnKernelLost(Incident::Kind kind, sim::HostId host, const kafka::Setup& setup) {
  const BrokerId broker = BrokerOfHost(setup, host);

  incidents.push_back({.kind = kind, .broker = broker, .at = at()});
  dark = dark | SetOf(broker);
  for (Replica& replica : replicas) {
    if (replica.answered_by == broker) replica.answered_by = BrokerId::None();
  }
}

Replica* Ledger::CopyIn(sim::HostId host, sim::FileId file, const kafka::Setup& setup) {
  if (file.value >= partitions.size()) return nullptr;
  return Find({file.value}, BrokerOfHost(setup, host));
}

// The rest of what was written may be there or not, and more than that: OnKept.
void Ledger::OnDataLost(const sim::notes::DataLost& said, const kafka::Tables& tables,
                        const kafka::Setup& setup) {
  Replica* replica = CopyIn(said.host, said.file, setup);
  if (replica == nullptr) return;
  const PartitionId id{said.file.value};
  const Offset end = replica->log.OffsetAtByte({&tables, id}, said.from);
  Cut(tables, id, *replica, end, Removal::How::kUnsyncedLost);
}

void Ledger::OnDiskReplaced(sim::HostId host, const kafka::Tables& tables,
                            const kafka::Setup& setup) {
  for (uint16_t i = 0; i < partitions.size(); ++i) {
    Replica* replica = Find({i}, BrokerOfHost(setup, host));
    if (replica != nullptr) Cut(tables, {i}, *replica, Offset{0}, Removal::How::kDiskLost);
  }
}

// What is readable after a crash is all that whoever recovers the file can keep of it.
void Ledger::OnFound(const sim::notes::Found& said, const kafka::Tables& tables,
                     const kafka::Setup& setup) {
  using Kind = sim::StorageReportKind;
  if (said.kind != Kind::kOnMedium && said.kind != Kind::kOnDrive) return;
  Replica* replica = CopyIn(said.host, said.file, setup);
  if (replica == nullptr) return;
  replica->found_bytes = said.to;
  if (said.kind == Kind::kOnDrive) return;
  replica->medium_bytes = said.to;
  const Offset durable = replica->log.OffsetAtByte({&tables, {said.file.value}}, said.to);
  replica->durable_end = std::max(replica->durable_end, durable);
}

void Ledger::OnWrittenBack(const sim::notes::WrittenBack& said, const kafka::Tables& tables,
                           const kafka::Setup& setup) {
  // Bytes that left the page cache are of no use until the journal knows the file's size.
  if (said.how == sim::StorageReportKind::kWrittenBack) return;
  Replica* replica = CopyIn(said.host, said.file, setup);
  if (replica == nullptr) return;
  const TableView table{&tables, {said.file.value}};
  const bool joins = said.from <= replica->log.BytesBelow(table, replica->durable_end);
  if (!joins) return;
  replica->durable_end = std::max(replica->durable_end, replica->log.OffsetAtByte(table, said.to));
}

}  // namespace kafka::ledger
