// Whoever watched a run can compute its digest again; had any one field of any one event or note
// been different, it would have come out different.
#include "sim/digest.h"

#include <gtest/gtest.h>

#include "tests/primary_backup/run.h"

namespace primary_backup {
namespace {

struct Moment {
  bool is_event = false, is_checkpoint = false;
  uint64_t state_hash = 0;
  sim::EventRecord event;
  sim::Note note;
};

std::vector<Moment> Watch(World& world) {
  Case setup;
  setup.config.writes = 30;
  setup.faults.push_back(
      {.kind = sim::FaultKind::kPowerLoss,
       .at = {Milliseconds(100).ns},
       .target = primary_backup::Target{.role = kIndexed, .index = kPrimaryId.value},
       .lasts = sim::Seconds(1)});
  World::Scratch scratch;
  scratch.watched = true;
  std::vector<Moment> seen;
  const auto add_notes = [&] {
    for (const sim::Note& note : scratch.effects.notes()) seen.push_back({.note = note});
  };
  Build(setup, sim::Choices(3), world);
  world.Start(scratch);
  add_notes();
  while (world.Step(scratch, {sim::Seconds(20).ns})) {
    seen.push_back({.is_event = true, .event = scratch.event});
    add_notes();
    if (world.engine.event_count() % World::kCheckpointEvents != 0) continue;
    seen.push_back({.is_checkpoint = true, .state_hash = world.StateHash()});
  }
  seen.push_back({.is_checkpoint = true, .state_hash = world.Checkpoint()});
  return seen;
}

sim::Digest128 DigestOf(const World& world, const std::vector<Moment>& run) {
  sim::RunDigest digest(world.engine.choices().seed());
  for (const Moment& moment : run) {
    if (moment.is_checkpoint) {
      digest.AddState(moment.state_hash);
      continue;
    }
    if (!moment.is_event) {
      digest.AddNote(moment.note);
      continue;
    }
    const auto& body = moment.event.body;
    digest.AddEvent(moment.event.header, body.data(), static_cast<uint32_t>(body.size()));
  }
  return digest.value();
}

// Each of the moment's fields, changed by one bit that `salt` picks.
std::vector<Moment> Flips(const Moment& original, uint64_t salt) {
  std::vector<Moment> flips;
  const auto flip = [&](auto pick) {
    Moment flipped = original;
    auto& field = pick(flipped);
    using Field = std::decay_t<decltype(field)>;
    field = static_cast<Field>(static_cast<uint64_t>(field) ^ uint64_t{1}
                                                                  << salt % (8 * sizeof(Field)));
    flips.push_back(flipped);
  };
  if (original.is_checkpoint) {
    flip([](Moment & m) -> auto& { return m.state_hash; });
    return flips;
  }
  if (!original.is_event) {
    flip([](Moment & m) -> auto& { return m.note.kind; });
    flip([](Moment & m) -> auto& { return m.note.machine.value; });
    flip([](Moment & m) -> auto& { return m.note.subject; });
    flip([](Moment & m) -> auto& { return m.note.a; });
    flip([](Moment & m) -> auto& { return m.note.b; });
    flip([](Moment & m) -> auto& { return m.note.c; });
    return flips;
  }
  flip([](Moment & m) -> auto& { return m.event.header.time.ns; });
  flip([](Moment & m) -> auto& { return m.event.header.kind; });
  flip([](Moment & m) -> auto& { return m.event.header.machine.value; });
  flip([](Moment & m) -> auto& { return m.event.header.connection; });
  flip([](Moment & m) -> auto& { return m.event.header.cause.value; });
  flip([](Moment & m) -> auto& { return m.event.header.tag.kind; });
  flip([](Moment & m) -> auto& { return m.event.header.tag.role; });
  flip([](Moment & m) -> auto& { return m.event.header.tag.index; });
  for (size_t i = 0; i < original.event.body.size(); ++i) {
    flip([i](Moment & m) -> auto& { return m.event.body[i]; });
  }
  Moment longer = original;
  longer.event.body.emplace_back();
  flips.push_back(longer);
  return flips;
}

TEST(Digest, CanBeComputedAgainFromWhatWasSeen) {
  World world;
  const std::vector<Moment> run = Watch(world);
  ASSERT_GE(run.size(), 300u);
  EXPECT_EQ(DigestOf(world, run), world.digest());
}

TEST(Digest, EveryFieldOfEveryEventAndNoteCounts) {
  World world;
  std::vector<Moment> run = Watch(world);
  const sim::Digest128 digest = world.digest();
  uint64_t salt = 0;
  for (size_t at = 0; at < run.size(); ++at) {
    const Moment original = run[at];
    for (const Moment& flipped : Flips(original, salt++)) {
      run[at] = flipped;
      ASSERT_NE(DigestOf(world, run), digest) << "moment " << at;
    }
    run[at] = original;
  }
}

TEST(Digest, OrderAndPresenceCount) {
  World world;
  std::vector<Moment> run = Watch(world);
  const sim::Digest128 digest = world.digest();
  for (size_t at = 0; at + 1 < run.size(); at += 7) {
    std::swap(run[at], run[at + 1]);
    EXPECT_NE(DigestOf(world, run), digest);
    std::swap(run[at], run[at + 1]);
  }
  run.pop_back();
  EXPECT_NE(DigestOf(world, run), digest);
}

// The chain of a backup's log is in its hash and nowhere else: no event and no note differs.
TEST(Digest, AStateThatNobodySpeaksOfShowsAtTheNextCheckpoint) {
  Case setup;
  setup.config.writes = 100'000;
  World original;
  World::Scratch scratch;
  Build(setup, sim::Choices(3), original);
  original.Start(scratch);
  World hidden = original;
  hidden.machines<Replica>()[kFirstBackupId.value - kPrimaryId.value].process.chain ^= 1;
  while (original.engine.event_count() + 1 < World::kCheckpointEvents) {
    ASSERT_TRUE(original.Step(scratch) && hidden.Step(scratch));
    ASSERT_EQ(original.digest(), hidden.digest());
  }
  original.Step(scratch);
  hidden.Step(scratch);
  EXPECT_EQ(original.engine.event_count(), World::kCheckpointEvents);
  EXPECT_NE(original.digest(), hidden.digest());
}

TEST(Digest, AStateThatNobodySpeaksOfShowsAtTheEndOfTheRun) {
  World original;
  Watch(original);
  World hidden = original;
  hidden.machines<Replica>()[0].process.chain ^= 1;
  EXPECT_EQ(original.digest(), hidden.digest());
  EXPECT_EQ(original.Checkpoint(), original.StateHash());
  EXPECT_NE(hidden.Checkpoint(), original.StateHash());
  EXPECT_NE(original.digest(), hidden.digest());
}

TEST(Digest, ANoteWithTheWordsOfAnEventIsSomethingElse) {
  sim::RunDigest event, note;
  event.AddEvent(
      {.time = {5}, .kind = sim::EventKind::kTimer, .machine = {3}, .connection = 0, .cause = {7}},
      nullptr, 0);
  note.AddNote({.kind = 0, .machine = {3}, .subject = 10, .a = 5, .b = 7, .c = 0});
  EXPECT_NE(event.value(), note.value());
  sim::RunDigest state, empty_note;
  state.AddState(0);
  empty_note.AddNote({.kind = 0, .machine = {0}, .subject = 0, .a = 0, .b = 0, .c = 0});
  EXPECT_NE(state.value(), empty_note.value());
}

}  // namespace
}  // namespace primary_backup
