// Capsules and recordings: what goes in comes out, and what was damaged is refused.
#include "tools/analysis/capsule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tools/analysis/recording.h"
#include "tools/answers/capsule.pb.h"

namespace fate {
namespace {

answers::Capsule SomeCapsule() {
  answers::Capsule capsule;
  capsule.set_schema_version(1);
  capsule.set_engine("0.1.0");
  capsule.set_scenario_text("name: \"one\" cluster { brokers: 3 }");
  capsule.set_seed(0xfedcba9876543210);
  capsule.add_settings("producer:acks=1");
  capsule.set_notes(std::string(500, 'n') + std::string(1, '\0') + "end");
  auto* fault = capsule.add_realised();
  fault->set_plan(1);
  fault->set_uid(77);
  return capsule;
}

TEST(Capsule, ComesBackAsItWas) {
  const answers::Capsule capsule = SomeCapsule();
  const absl::StatusOr<answers::Capsule> back =
      analysis::UnpackCapsule(analysis::PackCapsule(capsule));
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(back->SerializeAsString(), capsule.SerializeAsString());
}

TEST(Capsule, IsTheSameBytesEachTime) {
  EXPECT_EQ(analysis::PackCapsule(SomeCapsule()), analysis::PackCapsule(SomeCapsule()));
}

TEST(Capsule, EveryTruncationIsRefusedWithAReason) {
  const std::string whole = analysis::PackCapsule(SomeCapsule());
  for (size_t size = 0; size < whole.size(); ++size) {
    const absl::StatusOr<answers::Capsule> cut =
        analysis::UnpackCapsule(std::string_view(whole).substr(0, size));
    EXPECT_FALSE(cut.ok()) << size;
    EXPECT_THAT(cut.status().message(), testing::HasSubstr("is cut off")) << size;
  }
}

TEST(Capsule, EveryFlippedBitIsRefused) {
  const std::string whole = analysis::PackCapsule(SomeCapsule());
  for (size_t bit = 0; bit < whole.size() * 8; ++bit) {
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    const absl::StatusOr<answers::Capsule> damaged = analysis::UnpackCapsule(flipped);
    EXPECT_FALSE(damaged.ok()) << bit;
    EXPECT_FALSE(damaged.status().message().empty()) << bit;
  }
}

TEST(Capsule, ABitMoreIsRefused) {
  EXPECT_THAT(
      analysis::UnpackCapsule(analysis::PackCapsule(SomeCapsule()) + "\n").status().message(),
      testing::HasSubstr("damaged"));
}

TEST(Capsule, ForeignFilesAreCalledForeign) {
  for (const char* foreign : {"{\"seed\": 1}", "\x1f\x8b gzip of something", "name: \"mine\"\n"}) {
    EXPECT_THAT(analysis::UnpackCapsule(foreign).status().message(),
                testing::HasSubstr("is no capsule"));
  }
}

TEST(Capsule, AnyBytesAreRefusedWithoutACrash) {
  EXPECT_TRUE(rc::check("bytes behind a good header's magic", [](const std::string& rest) {
    const std::string start = analysis::PackCapsule(SomeCapsule()).substr(0, 8);
    RC_ASSERT(!analysis::UnpackCapsule(start + rest).ok());
    RC_ASSERT(!analysis::UnpackCapsule(rest).ok());
  }));
}

// ---- Recordings ----

std::string Varint(uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
  return out;
}

// As recording.h documents the format: written here a second time, by another hand.
std::string Event(uint64_t elapsed, uint32_t digest, const std::vector<sim::Note>& notes) {
  std::string out = Varint(elapsed);
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(digest >> shift));
  out += Varint(notes.size());
  for (const sim::Note& note : notes) {
    out += Varint(note.kind) + Varint(note.machine.value) + Varint(note.subject) + Varint(note.a) +
           Varint(note.b) + Varint(note.c);
  }
  return out;
}

constexpr sim::Note kNote{.kind = 40, .machine = {3}, .subject = 1, .a = ~uint64_t{0}, .b = 2};

TEST(Recording, IsReadAsItWasWritten) {
  const std::string bytes = Event(5, 0xdeadbeef, {}) + Event(7, 1, {kNote, kNote});
  analysis::RecordingReader reader(bytes);
  const auto first = reader.Next();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->number, 0u);
  EXPECT_EQ(first->time.ns, 5);
  EXPECT_EQ(first->digest, 0xdeadbeefu);
  EXPECT_THAT(first->notes, testing::IsEmpty());
  const auto second = reader.Next();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->number, 1u);
  EXPECT_EQ(second->time.ns, 12);
  EXPECT_THAT(second->notes, testing::ElementsAre(kNote, kNote));
  EXPECT_FALSE(reader.Next());
  EXPECT_FALSE(reader.damaged());
}

TEST(Recording, OfTheSameRunDiffersNowhere) {
  const std::string bytes = Event(5, 1, {kNote}) + Event(7, 2, {});
  EXPECT_FALSE(analysis::FirstDifference(bytes, bytes));
}

TEST(Recording, TheFirstDifferenceIsNamedAndNotALaterOne) {
  sim::Note other = kNote;
  other.c = 9;
  const std::string now = Event(5, 1, {kNote}) + Event(7, 2, {kNote}) + Event(1, 3, {});
  const std::string recorded = Event(5, 1, {kNote}) + Event(7, 2, {other}) + Event(1, 4, {});
  const auto difference = analysis::FirstDifference(recorded, now);
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->recorded->number, 1u);
  EXPECT_THAT(difference->recorded->notes, testing::ElementsAre(other));
  EXPECT_THAT(difference->now->notes, testing::ElementsAre(kNote));
}

TEST(Recording, TheFirstDifferenceThatIsSpokenIsNoDigestAlone) {
  const std::string left = Event(5, 1, {kNote}) + Event(7, 2, {}) + Event(1, 3, {});
  const std::string right = Event(5, 9, {kNote}) + Event(7, 8, {kNote}) + Event(1, 7, {});
  EXPECT_EQ(analysis::FirstDifference(left, right)->now->number, 0u);
  EXPECT_EQ(analysis::FirstSpokenDifference(left, right)->now->number, 1u);
  EXPECT_FALSE(analysis::FirstSpokenDifference(Event(5, 1, {kNote}), Event(5, 2, {kNote})));
}

TEST(Recording, ARunThatEndsEarlierDiffersThere) {
  const std::string shorter = Event(5, 1, {kNote});
  const auto difference = analysis::FirstDifference(shorter, shorter + Event(7, 2, {}));
  ASSERT_TRUE(difference);
  EXPECT_FALSE(difference->recorded);
  EXPECT_EQ(difference->now->number, 1u);
}

TEST(Recording, AnyBytesAreReadToAnEnd) {
  EXPECT_TRUE(rc::check("a reader stops", [](const std::string& bytes) {
    analysis::RecordingReader reader(bytes);
    size_t events = 0;
    while (reader.Next()) ++events;
    RC_ASSERT(events <= bytes.size());
    RC_CLASSIFY(reader.damaged(), "damaged");
  }));
}

}  // namespace
}  // namespace fate
