// sim/notes/note_list.h
//
// Lists of kinds of notes: their names by number, and what is done for each of them.
//
// Invariants:  the order of a list means nothing; the numbers in it are unique, and so are the
//              names; the fields of each kind fit into a note.
#ifndef SIM_NOTES_NOTE_LIST_H_
#define SIM_NOTES_NOTE_LIST_H_

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <string_view>
#include <utility>

#include "sim/notes/note.h"

namespace sim {

namespace notes_internal {

template <typename Value, size_t kCount>
constexpr bool AreUnique(const std::array<Value, kCount>& values) {
  for (size_t i = 0; i < kCount; ++i) {
    if (std::find(values.begin(), values.begin() + i, values[i]) != values.begin() + i)
      return false;
  }
  return true;
}

}  // namespace notes_internal

template <NoteKind... Kinds>
struct NoteList {
  static_assert((notes_internal::FieldsFit<Kinds>() && ...),
                "two fields of a kind share bits, or one has less room than its type");
  static_assert(notes_internal::AreUnique(std::array{Kinds::kNote.number...}));
  static_assert(notes_internal::AreUnique(std::array{std::string_view(Kinds::kNote.name)...}));

  static constexpr uint32_t kSize = sizeof...(Kinds);
  // Above every number in the list.
  static constexpr uint16_t kEnd = std::max({Kinds::kNote.number...}) + 1;

  template <typename Kind>
  static constexpr bool kHas = (std::same_as<Kind, Kinds> || ...);
  static constexpr bool Has(uint16_t kind) { return ((kind == Kinds::kNote.number) || ...); }

  // "appended"; "unknown" for a number that is not in the list.
  static constexpr const char* NameOf(uint16_t kind) {
    constexpr auto names = [] {
      std::array<const char*, kEnd> all{};
      all.fill("unknown");
      ((all[Kinds::kNote.number] = Kinds::kNote.name), ...);
      return all;
    }();
    return kind < kEnd ? names[kind] : "unknown";
  }
  // Calls `function.operator()<Kind>()` for each kind of the list.
  template <typename Function>
  static constexpr void ForEach(Function&& function) {
    (function.template operator()<Kinds>(), ...);
  }
  // A value for each number below kEnd: `of.operator()<Kind>()`, or `otherwise`.
  template <typename Value, typename Function>
  static constexpr std::array<Value, kEnd> TableOf(Value otherwise, Function of) {
    std::array<Value, kEnd> table{};
    table.fill(otherwise);
    ((table[Kinds::kNote.number] = of.template operator()<Kinds>()), ...);
    return table;
  }
  // Note::Visit over the kinds of the list.
  template <typename... Functions>
  [[gnu::always_inline]] static constexpr auto Visit(
      const Note& note, Functions... functions) requires(Hears<Kinds, Functions...>&&...) {
    return note.template Visit<Kinds...>(std::move(functions)...);
  }
};

// For a visit: what a reader knows of, and takes no notice of.
template <NoteKind... Kinds>
struct Ignored {
  template <typename Kind>
  requires(std::same_as<Kind, Kinds> || ...) constexpr void operator()(const Kind&) const {}
};

// One list of the kinds of several.
template <typename... Lists>
struct JoinNoteLists;
template <typename... Kinds>
struct JoinNoteLists<NoteList<Kinds...>> {
  using Joined = NoteList<Kinds...>;
};
template <typename... Kinds, typename... Others, typename... Lists>
struct JoinNoteLists<NoteList<Kinds...>, NoteList<Others...>, Lists...>
    : JoinNoteLists<NoteList<Kinds..., Others...>, Lists...> {};
template <typename... Lists>
using JoinedNotes = typename JoinNoteLists<Lists...>::Joined;

}  // namespace sim

#endif  // SIM_NOTES_NOTE_LIST_H_
