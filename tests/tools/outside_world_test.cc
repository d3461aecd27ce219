// `fate` and what it does not own: places that cannot be written, readers that go away, signals,
// and strings that are not what they seem.
#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>

#include "scenarios/kafka_config/text.h"
#include "tests/support/process.h"
#include "tools/analysis/capsule.h"
#include "tools/analysis/whole_file.h"
#include "tools/answers/capsule.pb.h"

namespace fate {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using testing_support::ProcessOptions;
using testing_support::ProcessResult;
using testing_support::ReadFile;
using testing_support::TemporaryDirectory;
using testing_support::WriteFile;

constexpr char kLossy[] = "b8_leader_dies_before_fetch";

class OutsideWorld : public testing::Test {
 protected:
  ProcessResult Fate(const std::vector<std::string>& words, ProcessOptions options = {}) const {
    options.directory = temporary_.path();
    options.environment.emplace_back("FATE_SEED", "");
    return testing_support::RunProgram(FATE_BINARY, words, options);
  }
  ProcessResult Shell(const std::string& line) const {
    return testing_support::RunProgram("/bin/sh", {"-c", line}, {.directory = temporary_.path()});
  }
  fs::path Path(const std::string& name) const { return temporary_.path() / name; }

  TemporaryDirectory temporary_;
};

// ---- Places. ----

TEST_F(OutsideWorld, APlaceThatIsAskedForAndCannotBeWrittenIsAnError) {
  WriteFile(Path("file"), "somebody's");
  const std::vector<std::vector<std::string>> all = {
      {"run", kLossy},
      {"run", kLossy, "--seeds", "1..3"},
      {"run", kLossy, "--variants", "--seeds", "1..1"}};
  for (std::vector<std::string> words : all) {
    for (const char* out : {"/proc/fate", "file"}) {
      words.insert(words.end(), {"-o", out});
      const ProcessResult run = Fate(words);
      EXPECT_EQ(run.exit_code, 74) << run.err;
      EXPECT_NE(run.out, "");  // the answer is told all the same
      EXPECT_THAT(run.err, HasSubstr(std::string("error: ") + out + " cannot be written"));
      words.resize(words.size() - 2);
    }
  }
  EXPECT_EQ(ReadFile(Path("file")), "somebody's");
}

TEST_F(OutsideWorld, TheDefaultPlaceOnlyWarns) {
  WriteFile(Path("fate-out"), "somebody's");
  const ProcessResult run = Fate({"run", kLossy});
  EXPECT_EQ(run.exit_code, Fate({"run", kLossy, "-o", "kept"}).exit_code);
  EXPECT_THAT(run.err, HasSubstr("warning: fate-out"));
}

TEST_F(OutsideWorld, ALinkInThePlaceIsReplacedAndNotFollowed) {
  WriteFile(Path("precious"), "mine");
  fs::create_directory(Path("kept"));
  for (const char* name : {"result.json", "result.json.part", "run.fate.part"}) {
    fs::create_symlink(Path("precious"), Path("kept") / name);
  }
  EXPECT_NE(Fate({"run", kLossy, "-o", "kept"}).exit_code, 74);
  EXPECT_EQ(ReadFile(Path("precious")), "mine");
  EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(Path("kept/result.json"))));
  EXPECT_FALSE(fs::exists(fs::symlink_status(Path("kept/run.fate.part"))));
}

// A full disk is told by its name; here the limit on a file's size takes its place.
TEST_F(OutsideWorld, AFileThatDoesNotFitIsToldByTheSystemsOwnWordAndLeavesNothing) {
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{.rlim_cur = 1000, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::error_code error = analysis::WriteWhole(Path("large"), std::string(5000, 'x'));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(error, std::errc::file_too_large);
  EXPECT_TRUE(fs::is_empty(temporary_.path()));
  EXPECT_EQ(analysis::WriteWhole("/dev/full/x", "x"), std::errc::not_a_directory);
}

// What is said for one target is copied for each, and not what is said for all of them.
TEST_F(OutsideWorld, ThousandsOfTargetsFitIntoAFewHundredMegabytes) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer asks for more addresses than any limit";
#endif
  WriteFile(Path("a.textproto"), "name: \"x\" topic { name: \"t\" } producer { name: \"p\" }\n");
  std::string line = "ulimit -v 400000; exec " + std::string(FATE_BINARY) + " run none";
  for (int i = 0; i < 4000; ++i) line += " a.textproto";
  const ProcessResult run = Shell(line);
  EXPECT_EQ(run.exit_code, 4) << run.err.substr(0, 300);
  EXPECT_THAT(run.err, HasSubstr("no scenario is called \"none\""));
}

// ---- Readers and signals. ----

TEST_F(OutsideWorld, ABatchIsKeptThoughNobodyReads) {
  Shell(std::string(FATE_BINARY) + " run " + kLossy + " --seeds 1..5 -o kept | true");
  Shell(std::string(FATE_BINARY) + " run " + kLossy + " -o one | true");
  EXPECT_THAT(ReadFile(Path("kept/batch.json")), testing::EndsWith("}\n"));
  EXPECT_TRUE(analysis::UnpackCapsule(ReadFile(Path("one/run.fate"))).ok());
}

TEST_F(OutsideWorld, TheFirstSignalOfAnyKindKeepsWhatIsDone) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const std::string out = "kept" + std::to_string(signal);
    const ProcessResult run = Fate({"run", kLossy, "--seeds", "1..500000", "-o", out},
                                   {.interrupt_at = "seeds 1..500000", .interrupt_with = signal});
    EXPECT_EQ(run.exit_code, 128 + signal);
    EXPECT_TRUE(fs::exists(Path(out) / "batch.json")) << run.err;
  }
}

bool IsWhole(const fs::path& path) {
  const std::string content = ReadFile(path);
  if (path.extension() == ".fate") return analysis::UnpackCapsule(content).ok();
  google::protobuf::Struct json;
  return content.ends_with("}\n") &&
         google::protobuf::util::JsonStringToMessage(content, &json).ok();
}

TEST_F(OutsideWorld, ABatchThatIsKilledWhileItWritesLeavesEachFileWholeOrAbsent) {
  const std::vector<std::string> points = {"",
                                           "batch.json.part",
                                           "batch.json",
                                           "seed-1",
                                           "seed-1/result.json",
                                           "seed-2/result.json.part",
                                           "seed-3/run.fate.part",
                                           "seed-4/run.fate",
                                           "seed-5",
                                           "seed-5/run.fate.part"};
  int killed = 0, files = 0;
  for (size_t i = 0; i < points.size(); ++i) {
    const fs::path out = Path("kept" + std::to_string(i));
    const ProcessResult run = Fate({"run", kLossy, "--seeds", "1..5", "-o", out.string()},
                                   {.kill_at = points[i].empty() ? out : out / points[i]});
    killed += run.exit_code == 128 + SIGKILL;
    if (!fs::exists(out)) continue;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(out)) {
      if (!entry.is_regular_file() || entry.path().extension() == ".part") continue;
      ++files;
      EXPECT_TRUE(IsWhole(entry.path())) << entry.path();
    }
  }
  EXPECT_GT(killed, 0);  // on a busy machine some have ended by then
  EXPECT_GT(files, 10);
}

// ---- Strings. ----

TEST_F(OutsideWorld, AWordThatIsNotUtf8IsRefusedWithItsPlace) {
  WriteFile(Path("caf\xe9.textproto"), "");
  const ProcessResult run = Fate({"run", "caf\xe9.textproto"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("word 2 of the command line is not UTF-8, from its byte 3 on: "
                                 "'caf\\xe9.textproto'"));
  EXPECT_FALSE(fs::exists(Path("fate-out")));
}

// ESC, C1's own CSI, and what writes a line from right to left.
TEST_F(OutsideWorld, WhatCouldWriteToATerminalIsEscapedWhereverItIsPrinted) {
  const std::string evil =
      "a\x1b[31mb\xc2\x9b"
      "2Jc\xe2\x80\xaego";
  const std::string shown = "a\\x1b[31mb\\u009b2Jc\\u202ego";
  WriteFile(Path(evil + ".textproto"),
            "name: \"x\" topic { name: \"t\" } producer { name: \"p\" messages: 1 }\n"
            "fault { name: \"a\\033[31mb\" at: \"900s\" kill { role: LEADER } }\n"
            "variant { name: \"v\\033[31m\\302\\233\\342\\200\\256\" set: \"producer:acks=0\" }\n");
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"run", evil + ".textproto"},
           {"run", evil + ".textproto", "--variants", "--seeds", "1..2"},
           {"run", evil},
           {"scenario", "lint", evil + ".textproto"},
           {"explain", evil, "m#1"},
           {"replay", evil},
           {"rule", evil},
           {evil}}) {
    const ProcessResult run = Fate(words);
    const std::string all = run.out + run.err;
    EXPECT_EQ(kafka_config::Escaped(all, "\n\t"), all) << words.front();
  }
  EXPECT_THAT(Fate({"run", evil + ".textproto"}).out, HasSubstr(shown));
}

TEST(Escaped, ControlsAndDirectionsAndNothingElse) {
  using kafka_config::Escaped;
  EXPECT_EQ(Escaped("caf\xc3\xa9 \xe2\x9c\x93 \xf0\x9f\x98\x80", ""),
            "caf\xc3\xa9 \xe2\x9c\x93 \xf0\x9f\x98\x80");
  EXPECT_EQ(Escaped("a\nb\tc", "\n"), "a\nb\\x09c");
  EXPECT_EQ(Escaped("\x7f\xc2\x80\xc2\x9f\xc2\xa0", ""), "\\x7f\\u0080\\u009f\xc2\xa0");
  EXPECT_EQ(Escaped("\xe2\x81\xa6\xd8\x9c", ""), "\\u2066\\u061c");
  EXPECT_EQ(Escaped("\xff\xc3", ""), "\\xff\\xc3");
}

// ---- For scripts. ----

TEST_F(OutsideWorld, AQuietExplanationIsOneLine) {
  const ProcessResult run = Fate({"explain", kLossy, "-q"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.err, "");
  EXPECT_EQ(std::count(run.out.begin(), run.out.end(), '\n'), 1) << run.out;
  EXPECT_THAT(run.out, HasSubstr("acks=1"));
}

}  // namespace
}  // namespace fate
