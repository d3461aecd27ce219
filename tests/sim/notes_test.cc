// Notes: kinds as structs, their encoding, lists and visits.
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "sim/event.h"
#include "sim/notes/engine_notes.h"
#include "sim/notes/kind_set.h"
#include "sim/storage/host_storage.h"
#include "tests/support/note_fields.h"

namespace sim {
namespace {

TEST(EngineNotes, EachKindIsEncodedAndDecodedToItself) {
  EngineNotes::ForEach([]<typename N>() { note_fields::ExpectThereAndBack<N>(); });
}

TEST(Notes, AFieldLiesWhereTheKindSays) {
  const Note note = Note::Of(
      {7}, notes::WrittenBack{
               .host = {1}, .file = {2}, .from = 3, .to = 4, .how = StorageReportKind::kFlushed});
  EXPECT_EQ(note,
            (Note{.kind = 16, .machine = {7}, .subject = 1u << 16 | 2, .a = 3, .b = 4, .c = 2}));
}

TEST(Notes, ANegativeNumberKeepsItsSign) {
  const Note note = Note::Of({}, notes::ClockStepped{.host = {1}, .step = Milliseconds(-250)});
  EXPECT_EQ(note.As<notes::ClockStepped>().step, Milliseconds(-250));
}

TEST(Notes, IsReadAsItsKindAndAsNoOther) {
  const Note note = Note::Of({}, notes::PowerLost{.host = {3}});
  EXPECT_TRUE(note.Is<notes::PowerLost>());
  EXPECT_FALSE(note.Is<notes::PowerBack>());
  EXPECT_TRUE((note.Is<notes::PowerBack, notes::PowerLost>()));
  EXPECT_EQ(note.If<notes::PowerLost>()->host, HostId{3});
  EXPECT_FALSE(note.If<notes::PowerBack>().has_value());
  EXPECT_DEATH(note.As<notes::PowerBack>(), "check failed");
}

TEST(Visit, CallsTheFunctionOfTheKind) {
  const Note note = Note::Of({}, notes::PowerLost{.host = {3}});
  const auto lost = [](const notes::PowerLost& said) { return said.host.value + 0; };
  const auto back = [](const notes::PowerBack&) { return -1; };
  EXPECT_EQ((note.Visit<notes::PowerLost, notes::PowerBack>(lost, back)), 3);
  EXPECT_EQ(note.Visit<notes::PowerBack>(back), std::nullopt) << "it is no kind of the list";
}

TEST(Visit, WithoutAResultSaysWhetherTheKindWasAmongThem) {
  const Note note = Note::Of({}, notes::PowerLost{.host = {3}});
  EXPECT_TRUE((note.Visit<notes::PowerLost>([](const notes::PowerLost&) {})));
  EXPECT_FALSE((note.Visit<notes::PowerBack>(Ignored<notes::PowerBack>{})));
}

// A visit that forgets one of its kinds does not compile.
template <typename... Functions>
concept VisitsBoth = requires(const Note& note, Functions... functions) {
  note.Visit<notes::PowerLost, notes::PowerBack>(functions...);
};
template <typename... Functions>
concept VisitsAll = requires(const Note& note, Functions... functions) {
  EngineNotes::Visit(note, functions...);
};
using HearsLost = decltype([](const notes::PowerLost&) {});
using HearsBack = decltype([](const notes::PowerBack&) {});
static_assert(VisitsBoth<HearsLost, HearsBack>);
static_assert(VisitsBoth<HearsLost, Ignored<notes::PowerBack>>);
static_assert(!VisitsBoth<HearsLost>);
static_assert(!VisitsBoth<HearsLost, Ignored<notes::Paused>>);
static_assert(VisitsAll<decltype([]<typename N>(const N&) {})>);
static_assert(!VisitsAll<HearsLost, HearsBack>);

// What a list refuses: fields that share bits, and a field that is wider than its place.
struct Overlaps {
  uint32_t one = 0;
  uint32_t other = 0;
  static constexpr NoteName kNote{1, "overlaps"};
  static constexpr auto kFields = NoteFields(NoteField{"one", &Overlaps::one, kInA},
                                             NoteField{"other", &Overlaps::other, kInA.High()});
};
struct TooWide {
  uint64_t one = 0;
  static constexpr NoteName kNote{1, "too_wide"};
  static constexpr auto kFields = NoteFields(NoteField{"one", &TooWide::one, kInSubject});
};
static_assert(!notes_internal::FieldsFit<Overlaps>());
static_assert(!notes_internal::FieldsFit<TooWide>());
static_assert(notes_internal::FieldsFit<notes::DataLost>());

TEST(KindSet, HoldsAnyKind) {
  KindSet kinds;
  EXPECT_TRUE(kinds.empty());
  for (const uint16_t kind : {1, 63, 500}) kinds.Add(kind);
  for (const uint16_t kind : {1, 63, 500}) EXPECT_TRUE(kinds.contains(kind)) << kind;
  for (const uint16_t kind : {0, 2, 62, 64, 127, 499, 501, 65535}) {
    EXPECT_FALSE(kinds.contains(kind)) << kind << ": no two kinds share a bit";
  }
  kinds.Clear();
  EXPECT_TRUE(kinds.empty());
  EXPECT_FALSE(kinds.contains(63));
}

}  // namespace
}  // namespace sim
