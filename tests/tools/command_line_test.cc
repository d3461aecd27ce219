// `fate` as a shell meets it: exit codes, streams, files, and what must never be printed.
#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "tests/support/process.h"
#include "tools/analysis/capsule.h"
#include "tools/analysis/run_directory.h"
#include "tools/answers/capsule.pb.h"
#include "tools/render/json.h"

namespace fate {
namespace {

namespace fs = std::filesystem;
using answers::Capsule;
using answers::RunResult;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using testing_support::ProcessResult;
using testing_support::ReadFile;
using testing_support::TemporaryDirectory;
using testing_support::WriteFile;

constexpr char kB8[] = "b8_leader_dies_before_fetch";

class CommandLine : public testing::Test {
 protected:
  using Environment = std::vector<std::pair<std::string, std::string>>;

  ProcessResult Fate(const std::vector<std::string>& arguments, Environment environment = {},
                     const fs::path& out = {}) const {
    environment.emplace_back("FATE_SEED", "");
    return testing_support::RunProgram(
        FATE_BINARY, arguments,
        {.directory = temporary_.path(), .environment = environment, .out = out});
  }
  fs::path Path(const std::string& name) const { return temporary_.path() / name; }
  Capsule LatestCapsule() const {
    const absl::StatusOr<Capsule> capsule =
        analysis::UnpackCapsule(ReadFile(Path("fate-out/latest/run.fate")));
    EXPECT_TRUE(capsule.ok()) << capsule.status();
    return capsule.ok() ? *capsule : Capsule();
  }
  void WriteCapsule(const std::string& name, const Capsule& capsule) const {
    WriteFile(Path(name), analysis::PackCapsule(capsule));
  }

  TemporaryDirectory temporary_;
};

RunResult ResultOf(const std::string& json) {
  RunResult result;
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;  // else an enum that says nothing, "", is refused
  const auto status = google::protobuf::util::JsonStringToMessage(json, &result, options);
  EXPECT_TRUE(status.ok()) << status.ToString() << "\n" << json;
  EXPECT_EQ(render::ToJson(result), json);
  return result;
}

// A scenario that states `expect` over two messages that nothing harms.
std::string Quiet(const std::string& more) {
  return "name: \"quiet\" cluster { brokers: 3 }\n"
         "topic { name: \"orders\" partitions: 1 replication_factor: 3 }\n"
         "producer { name: \"shop\" messages: 2 }\n" +
         more;
}

// ---- Exit codes ----

TEST_F(CommandLine, EveryExpectationMetIsZero) {
  const ProcessResult run = Fate({"run", kB8, "--ascii"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, StartsWith("[X] LOST "));  // it expects BROKEN, and says so
}

TEST_F(CommandLine, AnExpectationThatIsNotMetIsOne) {
  WriteFile(Path("q.textproto"), Quiet("expect { property: NO_ACKED_LOSS status: BROKEN }"));
  EXPECT_EQ(Fate({"run", "q.textproto"}).exit_code, 1);
  EXPECT_EQ(Fate({"run", kB8, "--set", "producer:acks=all"}).exit_code, 1);
}

TEST_F(CommandLine, UsageErrorsAreTwoAndSayHow) {
  const std::vector<std::vector<std::string>> wrong = {{"frobnicate"},
                                                       {"run"},
                                                       {"run", kB8, "--bogus"},
                                                       {"run", kB8, "--seed", "one"},
                                                       {"run", kB8, "--trace", "some"},
                                                       {"replay"}};
  for (const auto& words : wrong) {
    const ProcessResult run = Fate(words);
    EXPECT_EQ(run.exit_code, 2) << words.back();
    EXPECT_EQ(run.out, "");
    EXPECT_NE(run.err, "");
  }
}

TEST_F(CommandLine, AFaultThatNeverFiresIsInconclusiveAndThree) {
  WriteFile(Path("q.textproto"),
            Quiet("fault { name: \"late\" at: \"100s\" kill { role: LEADER } }\n"
                  "expect { property: NO_ACKED_LOSS status: HELD }"));
  const ProcessResult run = Fate({"run", "q.textproto", "--until", "1s", "--ascii"});
  EXPECT_EQ(run.exit_code, 3) << run.out << run.err;
  EXPECT_THAT(run.out, HasSubstr("INCONCLUSIVE"));
}

TEST_F(CommandLine, AScenarioOrASettingThatIsWrongIsFour) {
  WriteFile(Path("typo.textproto"), "name: \"x\" cluster { brokerz: 3 }");
  const ProcessResult typo = Fate({"run", "typo.textproto"});
  EXPECT_EQ(typo.exit_code, 4);
  EXPECT_THAT(typo.err, AllOf(HasSubstr("typo.textproto:1:"), HasSubstr("brokerz")));
  EXPECT_EQ(Fate({"run", "no_such_scenario"}).exit_code, 4);
  EXPECT_EQ(Fate({"run", kB8, "--set", "producer:acks=2"}).exit_code, 4);
  EXPECT_EQ(Fate({"run", kB8, "--config", "producer=missing.properties"}).exit_code, 4);
}

// Two scenarios, two lines that reproduce them; and nothing runs before all of them are good.
TEST_F(CommandLine, SeveralScenariosAreEachToldByTheirName) {
  const ProcessResult both = Fate({"run", kB8, "b9", "-q"});
  EXPECT_THAT(both.out, AllOf(HasSubstr(std::string(" run ") + kB8 + " --seed"),
                              HasSubstr(" run b9 --seed")));
  const ProcessResult wrong = Fate({"run", kB8, "b99_no_such", "also_none"});
  EXPECT_EQ(wrong.exit_code, 4);
  EXPECT_EQ(wrong.out, "");
  EXPECT_THAT(wrong.err, AllOf(HasSubstr("b99_no_such"), HasSubstr("also_none")));
}

TEST_F(CommandLine, ACollectionRefusesWhatOnlyOneScenarioHas) {
  const std::vector<std::vector<std::string>> wrong = {
      {"--variants"}, {"--trace", "full"}, {"--verify"}, {"--seed", "3"}, {"-o", "place"}};
  for (const std::vector<std::string>& words : wrong) {
    std::vector<std::string> all = {"run", "disasters"};
    all.insert(all.end(), words.begin(), words.end());
    const ProcessResult run = Fate(all);
    EXPECT_EQ(run.exit_code, 2) << words.front();
    EXPECT_THAT(run.err, HasSubstr(words.front() + " goes with one of them"));
  }
}

TEST_F(CommandLine, AConfigurationThatIsNoneIsNamedWithItsLimit) {
  const std::string two("acks=1\0x", 8);
  WriteFile(Path("zero.properties"), two);
  WriteFile(Path("large.properties"), std::string((1 << 20) + 1, '#'));
  WriteFile(Path("empty.properties"), "");
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"zero.properties", "zero.properties: error: is no text: byte 7 is zero"},
      {"large.properties", "is larger than 1048576 bytes"},
      {"/dev/zero", "/dev/zero: error: is larger than"},
      {"/proc/self/mem", "/proc/self/mem: error: cannot be read"},
      {".", "error: is a directory"},
      {"none.properties", "none.properties: error: No such file"},
      {"", "--config: error: names no file"}};
  for (const auto& [file, error] : wrong) {
    const ProcessResult run = Fate({"run", kB8, "--config", "producer=" + file});
    EXPECT_EQ(run.exit_code, 4) << file;
    EXPECT_THAT(run.err, HasSubstr(error));
  }
  EXPECT_EQ(Fate({"run", kB8, "-q", "--config", "producer=empty.properties"}).exit_code, 0);
}

// Ctrl-C: what is done is told, be it nothing yet, and the exit code says why there is no more.
TEST_F(CommandLine, AnInterruptedBatchOrCollectionTellsWhatItHas) {
  for (const std::string name : {kB8, "disasters"}) {
    const ProcessResult run =
        testing_support::RunProgram(FATE_BINARY, {"run", name, "--seeds", "1..500000"},
                                    {.directory = temporary_.path(),
                                     .environment = {},
                                     .out = {},
                                     .interrupt_at = "seeds 1..500000"});
    EXPECT_EQ(run.exit_code, 130) << name;
    EXPECT_NE(run.out, "") << name;
    EXPECT_THAT(run.err, HasSubstr("interrupted: what had been done by then"));
  }
}

// Also what was noticed before the end: a trace is flushed many times.
TEST_F(CommandLine, AFullStandardOutputIsAnErrorOfItsOwn) {
  const std::vector<std::vector<std::string>> all = {{"run", kB8},
                                                     {"run", kB8, "--trace", "full"},
                                                     {"run", kB8, "--format", "json"},
                                                     {"help"},
                                                     {"run", "-h"},
                                                     {"version"},
                                                     {"demo"}};
  for (const std::vector<std::string>& words : all) {
    const ProcessResult run = Fate(words, {}, "/dev/full");
    EXPECT_EQ(run.exit_code, 74) << words.front();
    EXPECT_THAT(run.err, HasSubstr("standard output cannot be written"));
  }
}

// ---- Replay ----

TEST_F(CommandLine, ARunIsReplayedExactlyFromItsDirectoryOrItsCapsule) {
  ASSERT_EQ(Fate({"run", kB8, "-o", "kept"}).exit_code, 0);
  for (const char* target : {"kept", "kept/run.fate"}) {
    const ProcessResult replay = Fate({"replay", target, "--ascii"});
    EXPECT_EQ(replay.exit_code, 0) << replay.out << replay.err;
    EXPECT_THAT(replay.out, StartsWith("[ok] identical  "));
  }
}

TEST_F(CommandLine, AFilesSettingsTravelUnderWhatTheScenarioSays) {
  WriteFile(Path("p.properties"), "acks=all\nlinger.ms=0\nretries=3\n");
  WriteFile(Path("b.properties"), "min.insync.replicas=1\nreplica.lag.time.max.ms=20000\n");
  ASSERT_NE(Fate({"run", kB8, "--config", "producer=p.properties", "--config",
                  "broker=b.properties", "--set", "producer/shop:retries=5"})
                .exit_code,
            4);
  const ProcessResult replay = Fate({"replay", "fate-out/latest", "--ascii"});
  EXPECT_EQ(replay.exit_code, 0) << replay.out << replay.err;
}

TEST_F(CommandLine, EveryShippedScenarioIsReplayedExactly) {
  for (const char* name : {"b1", "b1a", "b3", "b7", "b9", "b11", "b12", "rolling_restart"}) {
    ASSERT_NE(Fate({"run", name, "--seed", "3", "-o", "one"}).exit_code, 4) << name;
    const ProcessResult replay = Fate({"replay", "one", "--ascii"});
    EXPECT_EQ(replay.exit_code, 0) << name << "\n" << replay.out << replay.err;
  }
}

TEST_F(CommandLine, AnotherSettingInTheCapsuleIsFiveAndNamesTheEvent) {
  ASSERT_EQ(Fate({"run", kB8}).exit_code, 0);
  Capsule capsule = LatestCapsule();
  capsule.add_settings("producer:linger.ms=50");
  capsule.set_engine("0.0.1");
  WriteCapsule("other.fate", capsule);
  const ProcessResult replay = Fate({"replay", "other.fate", "--ascii"});
  EXPECT_EQ(replay.exit_code, 5);
  EXPECT_THAT(replay.out, AllOf(StartsWith("[X] DIVERGED at event "), HasSubstr("recorded:"),
                                HasSubstr("now:"), HasSubstr("made by fate 0.0.1")));
  EXPECT_THAT(replay.out, HasSubstr("producer/shop"));
}

TEST_F(CommandLine, OneTamperedNoteIsFoundWhereItStands) {
  ASSERT_EQ(Fate({"run", kB8}).exit_code, 0);
  Capsule capsule = LatestCapsule();
  std::string notes = capsule.notes();
  notes.resize(notes.size() / 2);
  capsule.set_notes(notes);
  WriteCapsule("half.fate", capsule);
  const ProcessResult replay = Fate({"replay", "half.fate", "--ascii"});
  EXPECT_EQ(replay.exit_code, 5);
  EXPECT_THAT(replay.out, HasSubstr("the run had ended"));
}

TEST_F(CommandLine, FilesThatAreNoCapsuleAreNamedAndRefused) {
  ASSERT_EQ(Fate({"run", kB8, "-o", "kept"}).exit_code, 0);
  const std::string whole = ReadFile(Path("kept/run.fate"));
  WriteFile(Path("cut.fate"), whole.substr(0, whole.size() / 2));
  std::string flipped = whole;
  flipped[whole.size() / 2] ^= 1;
  WriteFile(Path("flipped.fate"), flipped);
  WriteFile(Path("foreign.fate"), "name: \"mine\"\n");
  Capsule nonsense;
  nonsense.set_engine("0.1.0");
  nonsense.set_scenario_text("cluster { brokers: 900 }");
  WriteCapsule("nonsense.fate", nonsense);
  for (const std::string name : {"cut.fate", "flipped.fate", "foreign.fate", "nonsense.fate"}) {
    const ProcessResult replay = Fate({"replay", name});
    EXPECT_EQ(replay.exit_code, 4) << name;
    EXPECT_THAT(replay.err, HasSubstr(name + ": error: ")) << name;
    EXPECT_EQ(replay.out, "") << name;
  }
  EXPECT_EQ(Fate({"replay", "missing.fate"}).exit_code, 74);
}

TEST_F(CommandLine, ACapsuleWithoutAnEndIsRefusedWithItsLimit) {
  const ProcessResult endless = Fate({"replay", "/dev/zero"});
  EXPECT_EQ(endless.exit_code, 4);
  EXPECT_THAT(endless.err, HasSubstr("is larger than 268435456 bytes"));
}

TEST_F(CommandLine, ARealisedFaultOutsideThePlanIsRefused) {
  ASSERT_EQ(Fate({"run", kB8}).exit_code, 0);
  Capsule capsule = LatestCapsule();
  capsule.mutable_realised(0)->set_plan(4711);
  capsule.set_anchored(true);
  WriteCapsule("plan.fate", capsule);
  EXPECT_EQ(Fate({"replay", "plan.fate"}).exit_code, 4);
}

TEST_F(CommandLine, ReplaySaysTheSameInJson) {
  ASSERT_EQ(Fate({"run", kB8, "-o", "kept"}).exit_code, 0);
  const ProcessResult replay = Fate({"replay", "kept", "--format", "json"});
  google::protobuf::Struct object;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(replay.out, &object).ok()) << replay.out;
  EXPECT_TRUE(object.fields().at("identical").bool_value());
  EXPECT_EQ(object.fields().at("digest").string_value(),
            object.fields().at("recorded_digest").string_value());
}

TEST_F(CommandLine, AVerifiedRunHasTheSameDigestInANewProcess) {
  const ProcessResult run = Fate({"run", kB8, "--verify"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.err, HasSubstr("verified: a new process gives the same "));
}

// ---- What is printed, and where ----

TEST_F(CommandLine, JsonHoldsWhatIsDocumented) {
  const ProcessResult run =
      Fate({"run", kB8, "--seed", "18446744073709551615", "--format", "json"});
  const RunResult result = ResultOf(run.out);
  EXPECT_EQ(result.schema_version(), 1u);
  EXPECT_EQ(result.scenario(), kB8);
  EXPECT_EQ(result.seed(), ~uint64_t{0});
  EXPECT_THAT(run.out, HasSubstr("\"seed\":\"18446744073709551615\""));  // a string
  EXPECT_EQ(result.digest().size(), 32u);
  EXPECT_EQ(result.scenario_sha256().size(), 64u);
  EXPECT_EQ(result.verdict(), answers::BROKEN);
  EXPECT_EQ(result.ledger().sent(), result.ledger().ok() + result.ledger().lost_after_ack());
  ASSERT_EQ(result.findings_size(), 1);
  EXPECT_EQ(result.findings(0).class_(), answers::AS_CONFIGURED);
  EXPECT_THAT(result.findings(0).cure(), HasSubstr("acks=all"));
  ASSERT_EQ(result.faults_size(), 1);
  EXPECT_TRUE(result.faults(0).fired());
  EXPECT_EQ(result.expectations(0).met(), answers::Met::yes);
  for (const char* name : {"counters", "not_modelled", "assumed", "engine", "profile", "events"}) {
    EXPECT_THAT(run.out, HasSubstr("\"" + std::string(name) + "\":")) << name;
  }
  EXPECT_EQ(ReadFile(Path("fate-out/latest/result.json")), run.out);
}

TEST_F(CommandLine, TheVerdictIsFirstTheReproductionLastAndTheHeaderOnStderr) {
  const ProcessResult run = Fate({"run", kB8, "--seed", "0x7", "--set", "producer:linger.ms=1"});
  const std::string last = run.out.substr(run.out.rfind('\n', run.out.size() - 2) + 1);
  EXPECT_THAT(last, AllOf(StartsWith("reproduce: "), HasSubstr("--seed 7"),
                          HasSubstr("producer:linger.ms=1")));
  EXPECT_THAT(run.err, HasSubstr("scenario "));
  EXPECT_THAT(run.out.substr(0, run.out.find('\n')), HasSubstr("LOST "));
}

TEST_F(CommandLine, WhatReproducesARunDoesReproduceIt) {
  const ProcessResult first = Fate({"run", kB8, "--seed", "9", "--format", "json"});
  std::istringstream line(ResultOf(first.out).reproduce());
  std::vector<std::string> words;
  for (std::string word; line >> word;) words.push_back(word);
  ASSERT_GE(words.size(), 3u);
  words.erase(words.begin());  // the program
  words.insert(words.end(), {"--format", "json"});
  EXPECT_EQ(ResultOf(Fate(words).out).digest(), ResultOf(first.out).digest());
}

TEST_F(CommandLine, ColourAndGlyphsAreForThoseWhoWantThem) {
  const auto run = [&](std::vector<std::string> more, const Environment& environment) {
    more.insert(more.begin(), {"run", kB8});
    return Fate(more, environment).out;
  };
  EXPECT_THAT(run({}, {}), Not(HasSubstr("\x1b")));  // no terminal
  EXPECT_THAT(run({"--color", "always"}, {{"NO_COLOR", ""}}), HasSubstr("\x1b["));
  EXPECT_THAT(run({"--color", "auto"}, {{"NO_COLOR", "1"}}), Not(HasSubstr("\x1b")));
  const std::string ascii = run({"--ascii"}, {{"LC_ALL", "C.UTF-8"}});
  EXPECT_TRUE(std::all_of(ascii.begin(), ascii.end(), [](char c) { return c > 0; })) << ascii;
  EXPECT_THAT(run({}, {{"LC_ALL", "C.UTF-8"}}), HasSubstr("✗"));
}

TEST_F(CommandLine, APlaceThatCannotBeWrittenIsAWarning) {
  WriteFile(Path("fate-out"), "somebody's file");
  const ProcessResult run = Fate({"run", kB8});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.err, HasSubstr("cannot be written"));
  EXPECT_THAT(run.out, HasSubstr("reproduce: "));
}

TEST_F(CommandLine, SecretsReachNoOutput) {
  const std::string secret = "hunter2-TOP-SECRET";
  WriteFile(Path("p.properties"), "acks=1\nssl.keystore.password=" + secret +
                                      "\nsasl.jaas.config=x password=\"" + secret +
                                      "\";\nvendor.token=" + secret + "\nlinger.ms=1\n");
  std::string said;
  const std::vector<std::vector<std::string>> commands = {
      {"run", kB8, "--config", "producer=p.properties", "-v"},
      {"run", kB8, "--config", "producer=p.properties", "--format", "json"},
      {"run", kB8, "--config", "producer=p.properties", "--trace", "full"},
      {"run", kB8, "--config", "producer=p.properties", "--set",
       "producer:sasl.jaas.config=" + secret},
      {"replay", "fate-out/latest"}};
  for (const auto& words : commands) {
    const ProcessResult run = Fate(words);
    EXPECT_NE(run.exit_code, 4) << run.err;
    said += run.out + run.err;
  }
  said += ReadFile(Path("fate-out/latest/result.json"));
  said += LatestCapsule().DebugString();
  const size_t leak = said.find(secret);
  EXPECT_EQ(leak, std::string::npos) << said.substr(std::min(leak, said.size()), 100);
  EXPECT_THAT(said, HasSubstr("producer:linger.ms=1"));  // the capsule is not just empty
}

}  // namespace
}  // namespace fate
