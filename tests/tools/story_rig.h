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

#include "scenarios/schema/loader_shipped.h"
#include "tests/support/kafka_tables.h"
#include "tools/explain/story.h"

namespace fate {

inline schema::LoadedScenario LoadedFrom(std::string_view text) {
  const schema::LoadResult loaded = schema::LoadScenario(text, "test");
  EXPECT_TRUE(loaded.scenario) << schema::Describe(loaded.errors);
  return loaded.scenario.value();
}

inline schema::LoadedScenario LoadedNamed(const std::string& name) {
  schema::LoadedScenario loaded;
  const Failure failure = LoadNamed(name, loaded);
  EXPECT_EQ(failure.exit_code, 0) << failure.text;
  return loaded;
}

inline Case NotRunYet(const schema::LoadedScenario& loaded, std::vector<std::string> set,
                      uint64_t seed) {
  std::vector<Prepared> prepared;
  const UserSettings user{.files = {}, .set = std::move(set)};
  const Failure failure = Prepare(KafkaTables(), loaded, user, prepared);
  EXPECT_EQ(failure.exit_code, 0) << failure.text;
  Case made{.tables = &KafkaTables(), .prepared = prepared.at(0), .user = user, .seed = seed};
  made.faults = made.setup().faults;
  return made;
}

// It has been run; `runner` holds its world.
inline Case MakeCase(const schema::LoadedScenario& loaded, std::vector<std::string> set,
                     uint64_t seed, kafka::Runner& runner) {
  Case made = NotRunYet(loaded, std::move(set), seed);
  RunCase(made, runner);
  return made;
}

struct Told {
  Story story;
  schema::proto::Explanation out;
};
inline Told Tell(const Case& made, kafka::MessageId message, kafka::Runner& runner) {
  Told told;
  told.story = TellStory(made, message, runner, told.out);
  WriteSentences(made, told.story, runner.world(), told.out);
  return told;
}

inline kafka::MessageId FirstOf(const Case& made, ledger::Fate fate) {
  const ledger::FinalRead& read = made.outcome.verdict.read;
  for (uint32_t i = 0; i < read.fates.size(); ++i) {
    if (read.counted[i] && read.fates[i] == fate) return {i};
  }
  return kafka::MessageId::None();
}

}  // namespace fate

#endif  // TESTS_TOOLS_STORY_RIG_H_
