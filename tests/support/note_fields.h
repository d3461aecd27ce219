// tests/support/note_fields.h
//
// Does a kind of note come back as it was said? By its list of fields, with distinct values in all
// of them, and with the extremes of each.
#ifndef TESTS_SUPPORT_NOTE_FIELDS_H_
#define TESTS_SUPPORT_NOTE_FIELDS_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <tuple>

#include "sim/notes/note.h"

namespace note_fields {

// The n-th field holds what `raw(n)` is in its type.
template <typename N, typename Raw>
N Made(Raw raw) {
  N note{};
  uint64_t number = 0;
  const auto set = [&](const auto& field) {
    using Type = typename std::remove_cvref_t<decltype(field)>::Type;
    note.*(field.member) = sim::notes_internal::ValueOf<Type>(raw(number++));
  };
  std::apply([&](const auto&... fields) { (set(fields), ...); }, N::kFields);
  return note;
}

template <typename N>
void ExpectSame(const N& said, const N& read) {
  const auto compare = [&](const auto& field) {
    EXPECT_EQ(sim::notes_internal::RawOf(said.*(field.member)),
              sim::notes_internal::RawOf(read.*(field.member)))
        << N::kNote.name << "." << field.name;
  };
  std::apply([&](const auto&... fields) { (compare(fields), ...); }, N::kFields);
}

template <typename N>
void ExpectThereAndBack() {
  static constexpr uint64_t kAll = ~uint64_t{0};
  constexpr uint64_t kFields = std::tuple_size_v<std::remove_cvref_t<decltype(N::kFields)>>;
  const auto back = [](const N& said) {
    const sim::Note note = sim::Note::Of({3}, said);
    EXPECT_EQ(note.machine, sim::MachineId{3});
    EXPECT_TRUE(note.Is<N>());
    ExpectSame(said, note.As<N>());
  };
  back(Made<N>([](uint64_t number) { return number + 1; }));
  back(Made<N>([](uint64_t number) { return 0x8182838485868788u + number; }));
  back(Made<N>([](uint64_t) { return kAll; }));
  back(Made<N>([](uint64_t) { return uint64_t{0}; }));
  back(Made<N>([](uint64_t) { return uint64_t{1} << 63; }));
  for (uint64_t alone = 0; alone < kFields; ++alone) {  // nothing of it runs into its neighbours
    back(Made<N>([&](uint64_t number) { return number == alone ? kAll : 0; }));
    back(Made<N>([&](uint64_t number) { return number == alone ? 0 : kAll; }));
  }
}

}  // namespace note_fields

#endif  // TESTS_SUPPORT_NOTE_FIELDS_H_
