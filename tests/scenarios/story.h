// tests/scenarios/story.h
//
// Scenarios as text, run in this process: what was said when, and what was judged.
#ifndef TESTS_SCENARIOS_STORY_H_
#define TESTS_SCENARIOS_STORY_H_

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/kafka/run.h"
#include "tests/support/every_run.h"
#include "tests/support/invariant_counts.h"
#include "tests/support/kafka_tables.h"
#include "tools/analysis/judge.h"
#include "tools/analysis/prepare.h"

namespace fate {

inline analysis::Prepared PreparedFrom(const loader::LoadedScenario& loaded,
                                       std::vector<std::string> set = {}) {
  const absl::StatusOr<analysis::Prepared> prepared = analysis::Prepare(
      KafkaTables(), loaded, {.files = {}, .set = std::move(set)}, fate_tests::TwinOfEveryRun);
  EXPECT_TRUE(prepared.ok()) << prepared.status();
  return prepared.value();
}

inline analysis::Prepared PreparedText(std::string_view text, std::vector<std::string> set = {}) {
  const loader::LoadResult loaded = loader::LoadScenario(text, "test");
  EXPECT_TRUE(loaded.scenario) << kafka_config::Describe(loaded.errors);
  return PreparedFrom(loaded.scenario.value(), std::move(set));
}

template <sim::NoteKind N>
struct Said {
  sim::SimTime at;
  sim::MachineId machine;
  N what;
};

class Story : public kafka::RunWatcher {
 public:
  // Reads on after `from`.
  template <sim::NoteKind N>
  std::optional<Said<N>> First(sim::SimTime from = {}) const {
    return First<N>(from, [](const Said<N>&) { return true; });
  }
  template <sim::NoteKind N, typename Holds>
  std::optional<Said<N>> First(sim::SimTime from, Holds holds) const {
    for (const auto& [at, note] : notes) {
      if (at < from || !note.template Is<N>()) continue;
      const Said<N> said{at, note.machine, note.template As<N>()};
      if (holds(said)) return said;
    }
    return std::nullopt;
  }
  uint32_t Broken(kafka::ledger::Property property) const {
    return static_cast<uint32_t>(outcome.verdict.of(property).broken);
  }
  const analysis::PropertyJudgement& Judged(loader::proto::Property property) const {
    return judgement.of(property);
  }

  void OnEvent(const sim::NoteHeader& header, std::span<const sim::Note> said,
               const kafka::World&) override {
    for (const sim::Note& note : said) notes.push_back({header.time, note});
  }

  std::vector<std::pair<sim::SimTime, sim::Note>> notes;
  kafka::RunOutcome outcome;
  analysis::Judgement judgement;
};

inline Story Play(const analysis::Prepared& prepared, uint64_t seed,
                  const std::vector<sim::PlannedFault>* faults = nullptr) {
  static kafka::Runner runner(fate_tests::TwinOfEveryRun);
  Story story;
  runner.Run({.setup = &prepared.setup(),
              .seed = seed,
              .overrides = {},
              .faults = faults == nullptr ? prepared.setup().faults : *faults},
             story.outcome, &story);
  fate_tests::CountInvariants(story.outcome);
  story.judgement = analysis::Judge(prepared, story.outcome, runner.world());
  return story;
}

inline int64_t Ms(sim::Duration duration) { return duration.ns / 1'000'000; }

}  // namespace fate

#endif  // TESTS_SCENARIOS_STORY_H_
