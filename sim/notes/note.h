// sim/notes/note.h
//
// Notes: what handlers and the engine say about what happened. Trace, protocol points, ledger,
// invariants, coverage and explanation read notes, and nothing else.
//
// A kind of note is a plain struct with named fields, which travels as a Note of 32 bytes.
// Example:     out.Say(notes::Appended{.partition = id, .base = base, ...});
//              if (const auto appended = note.If<notes::Appended>()) Use(appended->base);
//              note.Visit<notes::Appended, notes::Truncated>(
//                  [](const notes::Appended& appended) { ... },
//                  [](const notes::Truncated& truncated) { ... });
// Leaves out:  event id and time, which stand once an event, in its NoteHeader.
#ifndef SIM_NOTES_NOTE_H_
#define SIM_NOTES_NOTE_H_

#include <compare>
#include <concepts>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

#include "sim/check.h"
#include "sim/ids.h"
#include "sim/notes/fields.h"
#include "sim/time.h"

namespace sim {

// The number is in digests and capsules, and never changes; the name is for traces.
struct NoteName {
  uint16_t number = 0;
  const char* name = nullptr;
};

// A plain struct that says its number and its name (kNote: a NoteName, or what has the same members
// and more) and where its fields lie (kFields).
template <typename N>
concept NoteKind = std::is_trivially_copyable_v<N> && requires {
  { N::kNote.number } -> std::convertible_to<uint16_t>;
  { N::kNote.name } -> std::convertible_to<const char*>;
  N::kFields;
};

// The number, for who counts by it, or waits for it.
template <NoteKind N>
constexpr uint16_t kKindOf = N::kNote.number;

template <typename... Functions>
struct Overloads : Functions... {
  using Functions::operator()...;
};
template <typename... Functions>
Overloads(Functions...) -> Overloads<Functions...>;

// One of the functions takes the kind.
template <typename Kind, typename... Functions>
concept Hears = std::invocable < Overloads<Functions...>
&, const Kind& > ;

struct Note {
  uint16_t kind = 0;
  MachineId machine;     // who says it; the engine of a host: none
  uint32_t subject = 0;  // this and the rest: the fields of the kind
  uint64_t a = 0;
  uint64_t b = 0;
  uint64_t c = 0;

  template <NoteKind N>
  static constexpr Note Of(MachineId speaker, const N& what) {
    const NoteWords words = EncodeFields(what);
    return {.kind = N::kNote.number,
            .machine = speaker,
            .subject = static_cast<uint32_t>(words[0]),
            .a = words[1],
            .b = words[2],
            .c = words[3]};
  }
  template <NoteKind... Kinds>
  constexpr bool Is() const {
    return ((kind == Kinds::kNote.number) || ...);
  }
  // Requires: the note is of that kind.
  template <NoteKind N>
  constexpr N As() const {
    SIM_CHECK(Is<N>());
    return DecodeFields<N>({subject, a, b, c});
  }
  template <NoteKind N>
  constexpr std::optional<N> If() const {
    if (!Is<N>()) return std::nullopt;
    return As<N>();
  }
  // Calls the function that takes the note's kind, if it is one of `Kinds`. Does not compile unless
  // each of them is taken by one. Returns what the function returns, as an optional; if the
  // functions return nothing, whether the kind was among them.
  template <NoteKind... Kinds, typename... Functions>
  [[gnu::always_inline]] constexpr auto Visit(Functions... functions) const
      requires(Hears<Kinds, Functions...>&&...) {
    Overloads<Functions...> visitor{std::move(functions)...};
    using Result =
        std::common_type_t<std::invoke_result_t<Overloads<Functions...>&, const Kinds&>...>;
    if constexpr (std::is_void_v<Result>) {
      return ((Is<Kinds>() && (visitor(As<Kinds>()), true)) || ...);
    } else {
      std::optional<Result> result;
      static_cast<void>(((Is<Kinds>() && (result.emplace(visitor(As<Kinds>())), true)) || ...));
      return result;
    }
  }

  friend constexpr auto operator<=>(const Note&, const Note&) = default;
};
static_assert(sizeof(Note) == 32 && std::has_unique_object_representations_v<Note>);

struct NoteHeader {
  EventId event;
  EventId cause;
  SimTime time;
};

// Numbers below are the engine's own kinds (sim/notes/engine_notes.h).
constexpr uint16_t kFirstSystemNote = 32;

}  // namespace sim

#endif  // SIM_NOTES_NOTE_H_
