// sim/search/names.h
//
// How a trace of any System calls what the engine knows: times, its own events and its own notes.
//
// Leaves out:  what a System's notes mean. A System of some size writes a trace of its own.
#ifndef SIM_SEARCH_NAMES_H_
#define SIM_SEARCH_NAMES_H_

#include <cstdint>
#include <string>

#include "sim/event.h"
#include "sim/notes/engine_notes.h"
#include "sim/notes/note.h"
#include "sim/time.h"

namespace sim {

// "0.001 234 567": seconds, then digits in threes.
inline std::string TimeText(SimTime time) {
  std::string nanoseconds = std::to_string(time.ns % 1'000'000'000);
  nanoseconds.insert(0, 9 - nanoseconds.size(), '0');
  nanoseconds.insert(6, " ");
  nanoseconds.insert(3, " ");
  return std::to_string(time.ns / 1'000'000'000) + "." + nanoseconds;
}

// The engine's kinds; null for a message body, which the System names.
inline const char* EngineEventName(EventKind kind) {
  switch (kind) {
    case EventKind::kStorageWake:
      return "storage wakes";
    case EventKind::kFaultDue:
      return "fault is due";
    case EventKind::kFaultEnds:
      return "fault ends";
    case EventKind::kFlushDone:
      return "flush done";
    case EventKind::kStarted:
      return "started";
    case EventKind::kStopRequested:
      return "stop requested";
    case EventKind::kTimer:
      return "timer";
    case EventKind::kConnected:
      return "connected";
    case EventKind::kAccepted:
      return "accepted";
    case EventKind::kDisconnected:
      return "disconnected";
    case EventKind::kFlushed:
      return "flushed";
    case EventKind::kOrdered:
      return "ordered";
    case EventKind::kFirstBody:
      break;
  }
  return nullptr;
}

// Null for a number that the engine does not use.
inline const char* EngineNoteName(uint16_t kind) {
  return EngineNotes::Has(kind) ? EngineNotes::NameOf(kind) : nullptr;
}

// " subject=1 a=7": the words of a note that are not zero.
inline std::string WordsText(const Note& note) {
  std::string text;
  const auto add = [&](const char* name, uint64_t word) {
    if (word != 0) text += " " + (name + ("=" + std::to_string(word)));
  };
  add("subject", note.subject);
  add("a", note.a);
  add("b", note.b);
  add("c", note.c);
  return text;
}

}  // namespace sim

#endif  // SIM_SEARCH_NAMES_H_
