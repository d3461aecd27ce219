// sim/notes/engine_notes.h
//
// What the engine says. The numbers of a System's own kinds start at kFirstSystemNote.
//
// A note about a process has the process as its speaker (Note::machine); one about a host, a link
// or a file has none.
#ifndef SIM_NOTES_ENGINE_NOTES_H_
#define SIM_NOTES_ENGINE_NOTES_H_

#include <cstdint>

#include "sim/ids.h"
#include "sim/notes/note_list.h"
#include "sim/time.h"

namespace sim {

enum class Disconnect : uint16_t;        // sim/event.h
enum class FaultKind : uint8_t;          // sim/faults/fault.h
enum class StorageReportKind : uint8_t;  // sim/storage/host_storage.h

namespace notes {

// ---- Processes ----

struct ProcessStarted {
  HostId host;
  uint16_t incarnation = 0;

  static constexpr NoteName kNote{1, "process_started"};
  static constexpr auto kFields =
      NoteFields(NoteField{"host", &ProcessStarted::host, kInSubject},
                 NoteField{"incarnation", &ProcessStarted::incarnation, kInA});
};
// The process is gone, whatever ended it: an orderly end says ProcessExited before.
struct ProcessKilled {
  HostId host;
  uint16_t incarnation = 0;

  static constexpr NoteName kNote{2, "process_killed"};
  static constexpr auto kFields =
      NoteFields(NoteField{"host", &ProcessKilled::host, kInSubject},
                 NoteField{"incarnation", &ProcessKilled::incarnation, kInA});
};
struct ProcessExited {
  HostId host;
  uint16_t incarnation = 0;

  static constexpr NoteName kNote{3, "process_exited"};
  static constexpr auto kFields =
      NoteFields(NoteField{"host", &ProcessExited::host, kInSubject},
                 NoteField{"incarnation", &ProcessExited::incarnation, kInA});
};
struct StopRequested {
  HostId host;

  static constexpr NoteName kNote{4, "stop_requested"};
  static constexpr auto kFields = NoteFields(NoteField{"host", &StopRequested::host, kInSubject});
};
// It has not ended within its grace, and is killed now.
struct GraceOver {
  HostId host;
  Duration grace;

  static constexpr NoteName kNote{20, "grace_over"};
  static constexpr auto kFields = NoteFields(NoteField{"host", &GraceOver::host, kInSubject},
                                             NoteField{"grace", &GraceOver::grace, kInA});
};
struct Paused {
  HostId host;
  Duration lasts;

  static constexpr NoteName kNote{8, "paused"};
  static constexpr auto kFields = NoteFields(NoteField{"host", &Paused::host, kInSubject},
                                             NoteField{"lasts", &Paused::lasts, kInA});
};
struct Resumed {
  HostId host;

  static constexpr NoteName kNote{9, "resumed"};
  static constexpr auto kFields = NoteFields(NoteField{"host", &Resumed::host, kInSubject});
};

// ---- Hosts ----

struct KernelPanic {
  HostId host;

  static constexpr NoteName kNote{5, "kernel_panic"};
  static constexpr auto kFields = NoteFields(NoteField{"host", &KernelPanic::host, kInSubject});
};
struct PowerLost {
  HostId host;

  static constexpr NoteName kNote{6, "power_lost"};
  static constexpr auto kFields = NoteFields(NoteField{"host", &PowerLost::host, kInSubject});
};
// Power is back, or the kernel after a panic.
struct PowerBack {
  HostId host;

  static constexpr NoteName kNote{7, "power_back"};
  static constexpr auto kFields = NoteFields(NoteField{"host", &PowerBack::host, kInSubject});
};
// By a new, empty one.
struct DiskReplaced {
  HostId host;

  static constexpr NoteName kNote{21, "disk_replaced"};
  static constexpr auto kFields = NoteFields(NoteField{"host", &DiskReplaced::host, kInSubject});
};
struct DiskSlowed {
  HostId host;
  uint32_t factor = 1;

  static constexpr NoteName kNote{13, "disk_slowed"};
  static constexpr auto kFields = NoteFields(NoteField{"host", &DiskSlowed::host, kInSubject},
                                             NoteField{"factor", &DiskSlowed::factor, kInA});
};
// Of the wall clock.
struct ClockStepped {
  HostId host;
  Duration step;

  static constexpr NoteName kNote{14, "clock_stepped"};
  static constexpr auto kFields = NoteFields(NoteField{"host", &ClockStepped::host, kInSubject},
                                             NoteField{"step", &ClockStepped::step, kInA});
};

// ---- The network ----

struct LinkCut {
  HostId from;
  HostId to;

  static constexpr NoteName kNote{10, "link_cut"};
  static constexpr auto kFields = NoteFields(NoteField{"from", &LinkCut::from, kInSubject.High()},
                                             NoteField{"to", &LinkCut::to, kInSubject.Low()});
};
struct LinkHealed {
  HostId from;
  HostId to;

  static constexpr NoteName kNote{11, "link_healed"};
  static constexpr auto kFields =
      NoteFields(NoteField{"from", &LinkHealed::from, kInSubject.High()},
                 NoteField{"to", &LinkHealed::to, kInSubject.Low()});
};
struct LinkSlowed {
  HostId from;
  HostId to;
  Duration extra;  // by all faults that are in force

  static constexpr NoteName kNote{12, "link_slowed"};
  static constexpr auto kFields =
      NoteFields(NoteField{"from", &LinkSlowed::from, kInSubject.High()},
                 NoteField{"to", &LinkSlowed::to, kInSubject.Low()},
                 NoteField{"extra", &LinkSlowed::extra, kInA});
};
// The opener speaks.
struct Connected {
  uint32_t connection = 0;  // its serial number
  MachineId peer;

  static constexpr NoteName kNote{18, "connected"};
  static constexpr auto kFields =
      NoteFields(NoteField{"connection", &Connected::connection, kInSubject},
                 NoteField{"peer", &Connected::peer, kInA});
};
// The machine that is told speaks.
struct Disconnected {
  uint32_t connection = 0;  // its serial number
  Disconnect reason{};

  static constexpr NoteName kNote{19, "disconnected"};
  static constexpr auto kFields =
      NoteFields(NoteField{"connection", &Disconnected::connection, kInSubject},
                 NoteField{"reason", &Disconnected::reason, kInA});
};

// ---- Disks ----

// Bytes [from, to) are safe without power now.
struct WrittenBack {
  HostId host;
  FileId file;
  uint64_t from = 0;
  uint64_t to = 0;
  StorageReportKind how{};

  static constexpr NoteName kNote{16, "written_back"};
  static constexpr auto kFields = NoteFields(
      NoteField{"host", &WrittenBack::host, kInSubject.High()},
      NoteField{"file", &WrittenBack::file, kInSubject.Low()},
      NoteField{"from", &WrittenBack::from, kInA}, NoteField{"to", &WrittenBack::to, kInB},
      NoteField{"how", &WrittenBack::how, kInC});
};
// Bytes [from, to) of what was written are gone with the page cache or the drive's own.
struct DataLost {
  HostId host;
  FileId file;
  uint64_t from = 0;
  uint64_t to = 0;
  StorageReportKind how{};

  static constexpr NoteName kNote{17, "data_lost"};
  static constexpr auto kFields =
      NoteFields(NoteField{"host", &DataLost::host, kInSubject.High()},
                 NoteField{"file", &DataLost::file, kInSubject.Low()},
                 NoteField{"from", &DataLost::from, kInA}, NoteField{"to", &DataLost::to, kInB},
                 NoteField{"how", &DataLost::how, kInC});
};

// What a crash has left of a file, zeros, old bytes and pieces included: only who recovers it can
// tell what it is worth.
struct Found {
  HostId host;
  FileId file;
  uint64_t from = 0;
  uint64_t to = 0;
  StorageReportKind kind{};

  static constexpr NoteName kNote{22, "found"};
  static constexpr auto kFields = NoteFields(
      NoteField{"host", &Found::host, kInSubject.High()},
      NoteField{"file", &Found::file, kInSubject.Low()}, NoteField{"from", &Found::from, kInA},
      NoteField{"to", &Found::to, kInB}, NoteField{"kind", &Found::kind, kInC});
};

// ---- Faults ----

struct FaultFired {
  uint32_t number = 0;  // in the plan
  FaultKind fault{};
  uint64_t uid = 0;  // of the message that the striking note was about; 0: none
  bool by_fallback = false;

  static constexpr NoteName kNote{15, "fault_fired"};
  static constexpr auto kFields = NoteFields(
      NoteField{"number", &FaultFired::number, kInSubject},
      NoteField{"fault", &FaultFired::fault, kInA}, NoteField{"uid", &FaultFired::uid, kInB},
      NoteField{"by_fallback", &FaultFired::by_fallback, kInC});
};

}  // namespace notes

using EngineNotes =
    NoteList<notes::ProcessStarted, notes::ProcessKilled, notes::ProcessExited,
             notes::StopRequested, notes::Paused, notes::Resumed, notes::KernelPanic,
             notes::PowerLost, notes::PowerBack, notes::DiskSlowed, notes::ClockStepped,
             notes::LinkCut, notes::LinkHealed, notes::LinkSlowed, notes::Connected,
             notes::Disconnected, notes::WrittenBack, notes::DataLost, notes::FaultFired,
             notes::GraceOver, notes::DiskReplaced, notes::Found>;

}  // namespace sim

#endif  // SIM_NOTES_ENGINE_NOTES_H_
