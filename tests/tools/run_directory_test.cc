// Where runs leave their files, under which names, and what happens where nothing can be written.
#include "tools/analysis/run_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/process.h"
#include "tools/analysis/capsule.h"
#include "tools/answers/capsule.pb.h"
#include "tools/render/json.h"

namespace fate {
namespace {

namespace fs = std::filesystem;
using testing_support::ReadFile;
using testing_support::TemporaryDirectory;
using testing_support::WriteFile;

// fate-out/ is made where the process stands.
class RunDirectory : public testing::Test {
 protected:
  RunDirectory() : before_(fs::current_path()) { fs::current_path(temporary_.path()); }
  ~RunDirectory() override { fs::current_path(before_); }

  static answers::RunResult Result(const std::string& name, uint64_t seed) {
    answers::RunResult result;
    result.set_scenario(name);
    result.set_seed(seed);
    return result;
  }
  static answers::Capsule Capsule(uint64_t seed, const std::string& name = "one") {
    answers::Capsule capsule;
    capsule.set_seed(seed);
    *capsule.mutable_result() = Result(name, seed);
    return capsule;
  }
  // The only run, of that name and seed.
  static analysis::WrittenRun WriteOne(const std::string& out, uint64_t seed,
                                       const std::string& name = "one") {
    const answers::Capsule capsule = Capsule(seed, name);
    return analysis::WriteRun(out, render::ToJson(capsule.result()), capsule);
  }

  static analysis::KeptRun Kept(uint64_t seed, const std::string& folder = "") {
    return {analysis::KeptPlace(folder, seed), "{}\n", Capsule(seed)};
  }
  TemporaryDirectory temporary_;
  fs::path before_;
};

constexpr char kBatch[] = "{\"schema_version\":1}\n";

TEST(DirectoryNames, ArePlain) {
  EXPECT_EQ(analysis::DirectoryPart("b8_leader-dies.v2"), "b8_leader-dies.v2");
  EXPECT_EQ(analysis::DirectoryPart("../../etc/passwd"), "etc_passwd");
  EXPECT_EQ(analysis::DirectoryPart("acks=1, \x1b[31mred\n"), "acks_1_31mred");
  EXPECT_EQ(analysis::DirectoryPart("///"), "run");
  EXPECT_EQ(analysis::DirectoryPart(""), "run");
  EXPECT_EQ(analysis::DirectoryPart(std::string(500, 'x')).size(), 80u);
}

TEST(DirectoryNames, AStampIsUtc) {
  EXPECT_EQ(analysis::UtcStamp(0), "19700101T000000Z");
  EXPECT_EQ(analysis::UtcStamp(1767225600), "20260101T000000Z");
}

TEST_F(RunDirectory, HoldsResultAndCapsuleAndIsTheLatest) {
  const analysis::WrittenRun written = WriteOne("", 42, "b8 leader");
  EXPECT_EQ(written.warning, "");
  EXPECT_THAT(written.directory, testing::MatchesRegex("fate-out/[0-9]{8}T[0-9]{6}Z-b8_leader-42"));
  EXPECT_THAT(ReadFile(written.directory + "/result.json"), testing::HasSubstr("\"seed\":\"42\""));
  EXPECT_TRUE(analysis::UnpackCapsule(ReadFile(written.directory + "/run.fate")).ok());
  EXPECT_TRUE(fs::equivalent("fate-out/latest", written.directory));
  EXPECT_TRUE(fs::read_symlink("fate-out/latest").is_relative());  // the tree may be moved
}

TEST_F(RunDirectory, TheLinkMovesToTheLaterRunAndBothStay) {
  const analysis::WrittenRun first = WriteOne("", 1);
  const analysis::WrittenRun second = WriteOne("", 1);
  EXPECT_NE(first.directory, second.directory);
  EXPECT_TRUE(fs::exists(first.directory + "/run.fate"));
  EXPECT_TRUE(fs::equivalent("fate-out/latest", second.directory));
  EXPECT_EQ(std::distance(fs::directory_iterator("fate-out"), fs::directory_iterator()), 3);
}

TEST_F(RunDirectory, GivenByTheUserIsThatVeryDirectory) {
  const std::string out = "deep/er";
  EXPECT_EQ(WriteOne(out, 1).directory, "deep/er");
  EXPECT_TRUE(fs::exists("deep/er/run.fate"));
  EXPECT_FALSE(fs::exists("deep/latest"));
  EXPECT_FALSE(fs::exists("fate-out"));
}

TEST_F(RunDirectory, APlaceThatIsAFileIsAWarning) {
  WriteFile("fate-out", "somebody's");
  const analysis::WrittenRun written = WriteOne("", 1);
  EXPECT_EQ(written.directory, "");
  EXPECT_THAT(written.warning, testing::HasSubstr("cannot be written"));
  EXPECT_FALSE(written.failed);
  EXPECT_EQ(ReadFile("fate-out"), "somebody's");
}

// Not even root makes a directory there.
TEST_F(RunDirectory, APlaceOfTheUsersWhereNobodyMayWriteIsAFailure) {
  const std::string out = "/proc/fate/run";
  const analysis::WrittenRun written = WriteOne(out, 1);
  EXPECT_THAT(written.warning, testing::HasSubstr("cannot be written"));
  EXPECT_TRUE(written.failed);
}

TEST_F(RunDirectory, SomebodysOwnLatestStays) {
  fs::create_directories("fate-out/latest");
  WriteFile("fate-out/latest/mine", "mine");
  const analysis::WrittenRun written = WriteOne("", 1);
  EXPECT_TRUE(fs::exists(written.directory + "/run.fate"));
  EXPECT_THAT(written.warning, testing::HasSubstr("latest"));
  EXPECT_EQ(ReadFile("fate-out/latest/mine"), "mine");
}

TEST_F(RunDirectory, ABatchKeepsACapsuleASeed) {
  const analysis::WrittenRun written = analysis::WriteBatch("", "one", "{}\n", {Kept(7), Kept(9)});
  EXPECT_EQ(written.warning, "");
  EXPECT_EQ(ReadFile(written.directory + "/batch.json"), "{}\n");
  EXPECT_TRUE(analysis::UnpackCapsule(ReadFile(written.directory + "/seed-9/run.fate")).ok());
  EXPECT_TRUE(fs::exists("fate-out/latest/seed-7/result.json"));
}

TEST_F(RunDirectory, ABatchTakesThePlaceOfARunThatWasKeptThere) {
  const std::string out = "place";
  WriteOne(out, 1);
  analysis::WriteBatch(out, "one", "{}\n", {Kept(7)});
  EXPECT_FALSE(fs::exists("place/run.fate"));
  EXPECT_FALSE(fs::exists("place/result.json"));
  EXPECT_TRUE(fs::exists("place/seed-7/run.fate"));
}

// ---- A directory that is used again holds one batch, the last. ----

TEST_F(RunDirectory, ASmallerBatchLeavesNoSeedOfTheOneBefore) {
  analysis::WriteBatch("place", "one", kBatch, {Kept(7), Kept(8), Kept(3, "acks_all")});
  const analysis::WrittenRun second = analysis::WriteBatch("place", "one", kBatch, {Kept(9)});
  EXPECT_EQ(second.warning, "");
  EXPECT_FALSE(fs::exists("place/seed-7"));
  EXPECT_FALSE(fs::exists("place/acks_all"));
  EXPECT_TRUE(fs::exists("place/seed-9/run.fate"));
  WriteOne("place", 1);
  EXPECT_EQ(std::distance(fs::directory_iterator("place"), fs::directory_iterator()), 2);
}

TEST_F(RunDirectory, WhatIsNotOursStaysWhateverItsName) {
  analysis::WriteBatch("place", "one", kBatch, {Kept(7), Kept(8), Kept(3, "acks_all")});
  WriteFile("place/seed-7/remarks.txt", "mine");     // more than a run
  WriteFile("place/seed-8/run.fate", "my capsule");  // no run at all
  WriteFile("place/acks_all/remarks.txt", "mine");
  fs::create_directories("place/seed-1");
  fs::create_directories("elsewhere");
  fs::create_directory_symlink("../elsewhere", "place/seed-2");
  WriteFile("place/other.txt", "mine");
  const analysis::WrittenRun second = analysis::WriteBatch("place", "one", kBatch, {Kept(9)});
  EXPECT_EQ(ReadFile("place/seed-7/remarks.txt"), "mine");
  EXPECT_TRUE(fs::exists("place/seed-7/run.fate"));
  EXPECT_EQ(ReadFile("place/seed-8/run.fate"), "my capsule");
  EXPECT_TRUE(fs::exists("place/acks_all/seed-3/run.fate"));
  EXPECT_TRUE(fs::is_directory("place/seed-1"));
  EXPECT_TRUE(fs::is_symlink("place/seed-2"));
  EXPECT_EQ(ReadFile("place/other.txt"), "mine");
  EXPECT_THAT(second.warning, testing::HasSubstr("seed-1, seed-2, seed-7, seed-8: "));
}

// A file of the user's that has one of our names, and no run beside it.
TEST_F(RunDirectory, ARunDoesNotRemoveSomebodysBatchFile) {
  fs::create_directories("place");
  WriteFile("place/batch.json", "[1, 2, 3]");
  WriteOne("place", 1);
  EXPECT_EQ(ReadFile("place/batch.json"), "[1, 2, 3]");
}

}  // namespace
}  // namespace fate
