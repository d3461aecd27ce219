// tests/tools/story_rig.h
//
// A case from a scenario's name or text, and the story of one of its messages.
#ifndef TESTS_TOOLS_STORY_RIG_H_
#define TESTS_TOOLS_STORY_RIG_H_

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/loader/shipped.h"
#include "tests/support/every_run.h"
#include "tests/support/kafka_tables.h"
#include "tools/analysis/story.h"
#include "tools/render/explanation_fill.h"

namespace fate {

inline loader::LoadedScenario LoadedFrom(std::string_view text) {
  const loader::LoadResult loaded = loader::LoadScenario(text, "test");
  EXPECT_TRUE(loaded.scenario) << kafka_config::Describe(loaded.errors);
  return loaded.scenario.value();
}

inline loader::LoadedScenario LoadedNamed(const std::string& name) {
  const absl::StatusOr<loader::LoadedScenario> loaded = analysis::LoadNamed(name);
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.value();
}

inline analysis::Case NotRunYet(const loader::LoadedScenario& loaded, std::vector<std::string> set,
                                uint64_t seed) {
  const analysis::UserSettings user{.files = {}, .set = std::move(set)};
  const absl::StatusOr<analysis::Prepared> prepared =
      analysis::Prepare(KafkaTables(), loaded, user, fate_tests::TwinOfEveryRun);
  EXPECT_TRUE(prepared.ok()) << prepared.status();
  analysis::Case made{
      .tables = &KafkaTables(), .prepared = prepared.value(), .user = user, .seed = seed};
  made.faults = made.setup().faults;
  return made;
}

// It has been run; `runner` holds its world.
inline analysis::Case MakeCase(const loader::LoadedScenario& loaded, std::vector<std::string> set,
                               uint64_t seed, kafka::Runner& runner) {
  analysis::Case made = NotRunYet(loaded, std::move(set), seed);
  analysis::RunCase(made, runner);
  return made;
}

struct Told {
  analysis::Story story;
  answers::Explanation out;
};
inline Told Tell(const analysis::Case& made, kafka::MessageId message, kafka::Runner& runner) {
  Told told;
  told.story = analysis::TellStory(made, message, runner, told.out);
  render::FillSentences(told.out);
  return told;
}

inline kafka::MessageId FirstOf(const analysis::Case& made, kafka::ledger::Fate fate) {
  const kafka::ledger::FinalRead& read = made.outcome.verdict.read;
  for (uint32_t i = 0; i < read.fates.size(); ++i) {
    if (read.counted[i] && read.fates[i] == fate) return {i};
  }
  return kafka::MessageId::None();
}

}  // namespace fate

#endif  // TESTS_TOOLS_STORY_RIG_H_
