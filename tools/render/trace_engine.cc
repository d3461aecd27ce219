// The engine's lines of a trace.
#include <iterator>

#include "sim/event.h"
#include "sim/faults/fault.h"
#include "sim/notes/engine_notes.h"
#include "sim/storage/host_storage.h"
#include "tools/render/trace.h"
#include "tools/render/trace_lines.h"
#include "tools/render/words.h"

namespace render {
namespace {

namespace engine = sim::notes;

std::string FaultName(sim::FaultKind kind) {
  switch (kind) {
    case sim::FaultKind::kKill:
      return "kill";
    case sim::FaultKind::kStop:
      return "stop";
    case sim::FaultKind::kPanic:
      return "panic";
    case sim::FaultKind::kPowerLoss:
      return "power loss";
    case sim::FaultKind::kPause:
      return "pause";
    case sim::FaultKind::kPartition:
      return "partition";
    case sim::FaultKind::kLatencySpike:
      return "latency";
    case sim::FaultKind::kSlowDisk:
      return "slow disk";
    case sim::FaultKind::kClockStep:
      return "clock step";
    case sim::FaultKind::kOrder:
      return "operator's act";
  }
  return "";
}

const char* DurableBy(sim::StorageReportKind how) {
  switch (how) {
    case sim::StorageReportKind::kWrittenBack:
      return "written back: ";
    case sim::StorageReportKind::kCommitted:
      return "committed by the journal: ";
    case sim::StorageReportKind::kFlushed:
      return "flushed: ";
    default:
      return "on the medium: ";
  }
}

const char* FoundAs(sim::StorageReportKind kind) {
  switch (kind) {
    case sim::StorageReportKind::kZeroTail:
      return "found with zeros at its end: ";
    case sim::StorageReportKind::kHole:
      return "found with a hole: ";
    case sim::StorageReportKind::kTornTail:
      return "found unsynced: ";
    case sim::StorageReportKind::kOldBytes:
      return "found again though cut off: ";
    case sim::StorageReportKind::kNameLost:
      return "not found: ";
    case sim::StorageReportKind::kNameBack:
      return "found again though removed: ";
    case sim::StorageReportKind::kOnDrive:
      return "found on the drive: ";
    default:
      return "found on the medium: ";
  }
}

class EngineWords {
 public:
  explicit EngineWords(const TraceNames& names) : names_(names) {}

  std::string operator()(const engine::ProcessStarted& note) const {
    return "process started (incarnation " + Number(uint32_t{note.incarnation}) + ")";
  }
  std::string operator()(const engine::ProcessKilled&) const { return "process ended"; }
  std::string operator()(const engine::ProcessExited&) const { return "process exits in order"; }
  std::string operator()(const engine::StopRequested&) const { return "asked to stop"; }
  std::string operator()(const engine::GraceOver& note) const {
    return "still runs after its grace of " + Seconds(note.grace) + " s: killed";
  }
  std::string operator()(const engine::Paused& note) const {
    return "paused for " + Seconds(note.lasts) + " s";
  }
  std::string operator()(const engine::Resumed&) const { return "resumed"; }

  std::string operator()(const engine::KernelPanic& note) const {
    return Host(note.host) + " kernel panic";
  }
  std::string operator()(const engine::PowerLost& note) const {
    return Host(note.host) + " loses power";
  }
  std::string operator()(const engine::PowerBack& note) const {
    return Host(note.host) + " is back";
  }
  std::string operator()(const engine::DiskReplaced& note) const {
    return Host(note.host) + " has a new, empty disk";
  }
  std::string operator()(const engine::DiskSlowed& note) const {
    return Host(note.host) + " disk slower, " + Number(note.factor) + " times";
  }
  std::string operator()(const engine::ClockStepped& note) const {
    return Host(note.host) + " clock stepped by " + Number(note.step.ns) + " ns";
  }

  std::string operator()(const engine::LinkCut& note) const { return "link cut: " + Link(note); }
  std::string operator()(const engine::LinkHealed& note) const {
    return "link healed: " + Link(note);
  }
  std::string operator()(const engine::LinkSlowed& note) const {
    return "link slower: " + Link(note) + " by " + Seconds(note.extra) + " s";
  }
  std::string operator()(const engine::Connected& note) const {
    return "connects to " + NameOfMachine(names_.setup, note.peer);
  }
  std::string operator()(const engine::Disconnected& note) const {
    if (note.reason == sim::Disconnect::kClosed) return "connection closed";
    return note.reason == sim::Disconnect::kReset ? "connection reset" : "connection refused";
  }

  std::string operator()(const engine::WrittenBack& note) const {
    return DurableBy(note.how) + File(note) + " bytes " + Bytes(note);
  }
  std::string operator()(const engine::DataLost& note) const {
    return "lost: " + File(note) + " bytes " + Bytes(note);
  }
  std::string operator()(const engine::Found& note) const {
    return FoundAs(note.kind) + File(note) + " bytes " + Bytes(note);
  }
  std::string operator()(const engine::FaultFired& note) const {
    return "number " + Number(note.number) + ": " + FaultName(note.fault) +
           (note.by_fallback ? " (fallback)" : "");
  }

 private:
  std::string Host(sim::HostId host) const { return NameOfHost(names_.setup, host); }
  static std::string Seconds(sim::Duration duration) { return FormatTime({duration.ns}); }
  template <typename Kind>
  std::string Link(const Kind& note) const {
    return Host(note.from) + " -> " + Host(note.to);
  }
  template <typename Kind>
  static std::string Bytes(const Kind& note) {
    return TraceRange(static_cast<int64_t>(note.from), static_cast<int64_t>(note.to));
  }
  template <typename Kind>
  std::string File(const Kind& note) const {
    if (note.file.value >= names_.setup.partitions.size()) return Host(note.host) + " checkpoint";
    return Host(note.host) + " " + NameOfPartition(names_.setup, {note.file.value}) + ".log";
  }

  const TraceNames& names_;
};

}  // namespace

std::string EngineLine(const TraceNames& names, const sim::Note& note) {
  return sim::EngineNotes::Visit(note, EngineWords(names))
      .value_or("note " + Number(uint32_t{note.kind}));
}

}  // namespace render
