// What a batch keeps of its worst runs, as a shell meets it: directories that are replayed exactly.
#include <gmock/gmock.h>
#include <google/protobuf/unknown_field_set.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/support/process.h"
#include "tools/analysis/capsule.h"
#include "tools/answers/capsule.pb.h"

namespace fate {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using testing_support::ProcessResult;
using testing_support::ReadFile;
using testing_support::TemporaryDirectory;
using testing_support::WriteFile;

constexpr char kScenario[] = "b8_leader_dies_before_fetch";

class KeptRuns : public testing::Test {
 protected:
  ProcessResult Fate(const std::vector<std::string>& arguments) const {
    return testing_support::RunProgram(
        FATE_BINARY, arguments,
        {.directory = temporary_.path(), .environment = {{"FATE_SEED", ""}}, .out = {}});
  }
  std::filesystem::path Path(const std::string& name) const { return temporary_.path() / name; }

  TemporaryDirectory temporary_;
};

// Worst runs of the scenario and of each variant that broke something, each a directory.
TEST_F(KeptRuns, VariantsAreKeptAndReplayedExactly) {
  ASSERT_EQ(Fate({"run", kScenario, "--variants", "--seeds", "1..3", "-o", "all"}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(Path("all/base/seed-2/run.fate")));
  EXPECT_FALSE(std::filesystem::exists(Path("all/acks_all")));  // nothing is lost with it
  const std::string variant = "all/power_loss_instead_of_a_kill";
  for (const std::string& target : {std::string("all"), variant, variant + "/seed-2"}) {
    const ProcessResult replay = Fate({"replay", target, "--ascii"});
    EXPECT_EQ(replay.exit_code, 0) << target << "\n" << replay.out << replay.err;
    EXPECT_THAT(replay.out, StartsWith("[ok] identical  "));
  }
  const absl::StatusOr<answers::Capsule> kept =
      analysis::UnpackCapsule(ReadFile(Path(variant + "/seed-2/run.fate")));
  ASSERT_TRUE(kept.ok());
  EXPECT_TRUE(kept->anchored());
  EXPECT_THAT(kept->result().reproduce(), HasSubstr(" --variants --seeds 2..2"));
}

// A run that an earlier batch left, and that somebody has written beside, is none of this batch.
TEST_F(KeptRuns, ReplayOfABatchTakesARunOfThisBatch) {
  ASSERT_EQ(Fate({"run", kScenario, "--seeds", "1..4", "-o", "kept"}).exit_code, 0);
  for (const char* seed : {"1", "2", "3", "4"}) {
    WriteFile(Path("kept/seed-" + std::string(seed) + "/mine"), "mine");
  }
  const ProcessResult again = Fate({"run", kScenario, "--seeds", "5..5", "-o", "kept"});
  EXPECT_THAT(again.err, HasSubstr("seed-1, seed-2, seed-3, seed-4: of an earlier batch"));
  EXPECT_THAT(Fate({"replay", "kept"}).err, HasSubstr("seed 5"));
}

// Until the verdict became an enum, capsules held its name in the same field.
TEST_F(KeptRuns, AnOlderCapsulesVerdictIsRead) {
  ASSERT_EQ(Fate({"run", kScenario, "-o", "one"}).exit_code, 0);
  absl::StatusOr<answers::Capsule> capsule =
      analysis::UnpackCapsule(ReadFile(Path("one/run.fate")));
  ASSERT_TRUE(capsule.ok());
  answers::RunResult& result = *capsule->mutable_result();
  result.clear_verdict();
  result.GetReflection()->MutableUnknownFields(&result)->AddLengthDelimited(
      answers::RunResult::kVerdictFieldNumber, "BROKEN");
  WriteFile(Path("older.fate"), analysis::PackCapsule(*capsule));
  const ProcessResult replay = Fate({"replay", "older.fate"});
  EXPECT_EQ(replay.exit_code, 0);
  EXPECT_THAT(replay.out, HasSubstr("verdict BROKEN as recorded"));
}

}  // namespace
}  // namespace fate
