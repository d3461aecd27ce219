// Slow twins look at every run of every test (tests/support/every_run.cc) and fail it when they and
// the folds over notes disagree. Here: that they see what the folds see, and that no note may be
// missing.
#include "tests/support/slow_twin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "tests/negative/negative_swarm.h"
#include "tests/support/every_run.h"

namespace negative {
namespace {

using kafka::Mutant;
using kafka::invariants::Invariant;

// Another truth beside the World's own, which hears of everything but one kind of note.
class HardOfHearing : public kafka::RunWatcher {
 public:
  HardOfHearing(const kafka::Setup& setup, uint16_t deaf_to) : deaf_to_(deaf_to) {
    truth_.Begin(setup);
  }
  void OnEvent(const sim::NoteHeader& header, std::span<const sim::Note> notes,
               const kafka::World& world) override {
    std::vector<sim::Note> heard;
    for (const sim::Note& note : notes) {
      if (note.kind != deaf_to_) heard.push_back(note);
    }
    missed_ += notes.size() - heard.size();
    truth_.Observe(header, heard, world.tables, *world.config);
    if (!difference.empty()) return;
    difference = fate_tests::TwinOfThisThread().DifferenceFrom(truth_.ledger);
  }
  uint64_t missed() const { return missed_; }

  std::string difference;

 private:
  uint16_t deaf_to_;
  uint64_t missed_ = 0;
  kafka::ledger::Truth truth_;
};

// The first difference that shows in one of a few runs; "": none.
std::string WithoutNote(uint16_t kind) {
  const auto runner = std::make_unique<kafka::Runner>(fate_tests::TwinOfEveryRun);
  kafka::RunOutcome outcome;
  std::string difference;
  for (uint64_t seed = 1; seed <= 60 && difference.empty(); ++seed) {
    const kafka::Setup setup = SwarmSetup({.power = true}, seed);
    HardOfHearing watcher(setup, kind);
    runner->Run({.setup = &setup, .seed = seed, .overrides = {}, .faults = setup.faults}, outcome,
                &watcher);
    if (watcher.missed() != 0) difference = watcher.difference;
  }
  return difference;
}

TEST(SlowTwin, AgreesWithATruthThatHearsEverything) {
  EXPECT_EQ(WithoutNote(kafka::AllNotes::kEnd), "");
}

TEST(SlowTwin, FindsEachForgottenNoteOfALog) {
  EXPECT_THAT(WithoutNote(sim::kKindOf<kafka::notes::Appended>),
              testing::HasSubstr("entries of the log"));
  EXPECT_THAT(WithoutNote(sim::kKindOf<kafka::notes::Truncated>),
              testing::HasSubstr("entries of the log"));
  EXPECT_THAT(WithoutNote(sim::kKindOf<kafka::notes::HighWatermark>),
              testing::HasSubstr("committed prefix"));
  EXPECT_THAT(WithoutNote(sim::kKindOf<kafka::notes::FollowerHighWatermark>),
              testing::HasSubstr("high watermark"));
  EXPECT_THAT(WithoutNote(sim::kKindOf<kafka::notes::Recovered>),
              testing::HasSubstr("high watermark"));
  EXPECT_THAT(WithoutNote(sim::kKindOf<kafka::notes::BecameLeader>),
              testing::HasSubstr("leadership"));
  EXPECT_THAT(WithoutNote(sim::kKindOf<kafka::notes::BecameFollower>), testing::Not(""));
}

TEST(SlowTwin, FindsEachForgottenNoteOfTheController) {
  EXPECT_THAT(WithoutNote(sim::kKindOf<kafka::notes::PartitionState>),
              testing::HasSubstr("controller's record"));
  EXPECT_THAT(WithoutNote(sim::kKindOf<kafka::notes::Registered>),
              testing::HasSubstr("registered"));
}

TEST(SlowTwin, FindsEachForgottenNoteOfTheEngine) {
  EXPECT_THAT(WithoutNote(sim::kKindOf<sim::notes::DataLost>),
              testing::HasSubstr("entries of the log"));
  EXPECT_THAT(WithoutNote(sim::kKindOf<sim::notes::ProcessKilled>),
              testing::HasSubstr("registered"));
  EXPECT_THAT(WithoutNote(sim::kKindOf<sim::notes::ProcessStarted>), testing::Not(""));
}

// What is violated is so for both, whatever is planted: the run itself fails otherwise. Here: that
// the twins are not merely silent.
struct Seen {
  Mutant mutant;
  Invariant invariant;
  bool power = false;
  sim::Duration first_checkpoint = kafka::Seconds(30);
};
void PrintTo(const Seen& seen, std::ostream* out) { *out << NameOf(seen.invariant); }
class TwinSees : public testing::TestWithParam<Seen> {};

TEST_P(TwinSees, WhatItsFoldSees) {
  const auto runner = std::make_unique<kafka::Runner>(fate_tests::TwinOfEveryRun);
  kafka::RunOutcome outcome;
  uint64_t folds = 0;
  uint64_t twins = 0;
  for (uint64_t seed = 1; seed <= 1000 && folds == 0; ++seed) {
    kafka::Setup setup = SwarmSetup({.mutant = GetParam().mutant, .power = GetParam().power}, seed);
    for (auto& broker : setup.brokers) {
      broker.settings.initial_task_delay = GetParam().first_checkpoint;
    }
    runner->Run({.setup = &setup, .seed = seed, .overrides = {}, .faults = setup.faults}, outcome);
    folds += outcome.invariants[static_cast<uint32_t>(GetParam().invariant)].violated;
    twins += fate_tests::TwinOfThisThread().violated(GetParam().invariant);
  }
  EXPECT_GT(folds, 0u);
  EXPECT_GT(twins, 0u);
}

constexpr Seen kSeen[] = {
    {Mutant::kAckBeforeAppend, Invariant::kAckedDurable},
    {Mutant::kElectOutsideIsr, Invariant::kLeaderComplete},
    {Mutant::kTruncationSkipped, Invariant::kLogMatch},
    {Mutant::kHighWatermarkFalls, Invariant::kCommittedPrefix},
    {Mutant::kTruncationSkipped, Invariant::kCandidateComplete},
    {Mutant::kConsumerReadsToLogEnd, Invariant::kStableRead},
    {Mutant::kNoDuplicateCheck, Invariant::kNoDup},
    {Mutant::kStaleLeaderAccepts, Invariant::kFenced},
    {Mutant::kConsumerReadsToLogEnd, Invariant::kOffsetUnique},
    {Mutant::kConsumerReadsToLogEnd, Invariant::kReadLimit},
    {Mutant::kRecoveryKeepsTornTail, Invariant::kHonestRecovery, true},
    {Mutant::kRecoveryPointTooHigh, Invariant::kHonestFlush, false, kafka::Seconds(2)},
    {Mutant::kWatermarkIgnoresMinIsr, Invariant::kMinIsr},
    {Mutant::kFollowerToldNewWatermark, Invariant::kFollowerWatermark},
};
static_assert(std::size(kSeen) == kafka::invariants::kInvariantCount);
INSTANTIATE_TEST_SUITE_P(All, TwinSees, testing::ValuesIn(kSeen));

}  // namespace
}  // namespace negative
