// sim/notes/note.h
//
// Notes: what handlers and the engine say about what happened. Trace, protocol points, ledger,
// invariants, coverage and explanation read notes, and nothing else.
#ifndef SIM_NOTES_NOTE_H_
#define SIM_NOTES_NOTE_H_

#include <compare>
#include <cstdint>
#include <type_traits>

#include "sim/ids.h"
#include "sim/time.h"

namespace sim {

// 32 plain bytes. What `subject`, `a`, `b` and `c` mean is documented at the kind. Event id and
// time stand once an event, in its NoteHeader.
struct Note {
  uint16_t kind = 0;
  MachineId machine;     // who says it; the engine: none
  uint32_t subject = 0;  // a partition, a host, a connection: as the kind says
  uint64_t a = 0;
  uint64_t b = 0;
  uint64_t c = 0;

  friend constexpr auto operator<=>(const Note&, const Note&) = default;
};
static_assert(sizeof(Note) == 32 && std::has_unique_object_representations_v<Note>);

struct NoteHeader {
  EventId event;
  EventId cause;
  SimTime time;
};

// The engine's own kinds, below every System's (which start at kFirstSystemNote).
enum EngineNote : uint16_t {
  kNoteProcessStarted = 1,  // subject: host. a: incarnation
  kNoteProcessKilled = 2,   // subject: host. a: incarnation
  kNoteProcessExited = 3,   // subject: host. a: incarnation (an orderly end)
  kNoteStopRequested = 4,   // subject: host
  kNoteKernelPanic = 5,     // subject: host
  kNotePowerLost = 6,       // subject: host
  kNotePowerBack = 7,       // subject: host (power, or the kernel after a panic)
  kNotePaused = 8,          // subject: host. a: for how long, ns
  kNoteResumed = 9,         // subject: host
  kNoteLinkCut = 10,        // subject: from-host << 16 | to-host
  kNoteLinkHealed = 11,     // subject: from-host << 16 | to-host
  kNoteLinkSlowed = 12,     // subject: from-host << 16 | to-host. a: extra latency, ns
  kNoteDiskSlowed = 13,     // subject: host. a: factor
  kNoteClockStepped = 14,   // subject: host. a: step of the wall clock, ns (two's complement)
  kNoteFaultFired =
      15,  // subject: index in the plan. a: kind. b: uid it was about. c: 1 by fallback
  kNoteWrittenBack = 16,   // subject: host << 16 | file. a, b: [from, to) now safe without power
  kNoteDataLost = 17,      // subject: host << 16 | file. a, b: [from, to) gone with the page cache
  kNoteConnected = 18,     // machine: the opener. subject: connection serial. a: the peer
  kNoteDisconnected = 19,  // machine: who is told. subject: connection serial. a: reason
  kFirstSystemNote = 32,
};

}  // namespace sim

#endif  // SIM_NOTES_NOTE_H_
