// tools/analysis/case.h
//
// The run that is explained, and variations of it: the same choices, and some things changed.
//
// A variation keeps every choice's key, and lets each fault fire where it fired in the explained
// run (same message, else same time).
// Complexity:  a variation is one run.
#ifndef TOOLS_ANALYSIS_CASE_H_
#define TOOLS_ANALYSIS_CASE_H_

#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/kafka/run.h"
#include "tools/analysis/change.h"
#include "tools/analysis/prepare.h"

namespace analysis {

// Constant once it is made.
struct Case {
  const kafka_config::Tables* tables = nullptr;
  Prepared prepared;
  UserSettings user;
  uint64_t seed = 0;
  std::vector<sim::ChoiceOverride> overrides;
  sim::Duration until = sim::kForever;
  // The plan of the explained run: the scenario's faults, or anchored ones.
  std::vector<sim::PlannedFault> faults;
  // The explained run's.
  kafka::RunOutcome outcome;

  const kafka::Setup& setup() const { return prepared.setup(); }
  kafka::RunRequest request() const {
    return {
        .setup = &setup(), .seed = seed, .overrides = overrides, .faults = faults, .until = until};
  }
};

// A scenario's run of `seed`, else of its default seed; not run yet.
Case CaseOf(const kafka_config::Tables& tables, Prepared prepared, UserSettings user,
            std::optional<uint64_t> seed, sim::Duration until = sim::kForever);

// Fills `outcome`. `world` is what `runner` holds afterwards.
void RunCase(Case& made, kafka::Runner& runner, kafka::RunWatcher* watcher = nullptr);

// A message by what it is, not by its number in one run.
struct Identity {
  uint64_t uid = 0;
  friend bool operator==(const Identity&, const Identity&) = default;
};
Identity IdentityOf(const kafka::World& world, kafka::MessageId message);
// None if that run's programs never sent it.
kafka::MessageId FindMessage(const kafka::World& world, Identity identity);

// What became of the message, and of everything else, under a variation.
struct VariationResult {
  bool sent = false;  // the message was sent at all
  kafka::ledger::Fate fate = kafka::ledger::Fate::kPending;
  bool all_fired = true;         // false: a fault did not strike, or the run spun: nothing is shown
  bool property_broken = false;  // the finding's property, by any message
  uint64_t broken_messages = 0;
  std::optional<kafka::ledger::Finding> finding;  // that holds the message
  kafka::RunOutcome outcome;
};
// On the case's own choices, its faults where they fired but for what `changes` say of them.
// Requires: `prepared` has the changes' settings and edits.
VariationResult RunChanged(const Case& base, const Prepared& prepared, Identity identity,
                           kafka::ledger::Property property, const ChangeSet& changes,
                           kafka::Runner& runner);

// A setup with the settings and edits of the changes; shared by the runs of many seeds, and at one
// address while they go on. What a change sets counts over everything that the user and the
// scenario say of that setting, for single brokers, topics and clients too. An error if the
// settings do not go together.
absl::StatusOr<std::unique_ptr<const Prepared>> PrepareChanges(const Case& base,
                                                               const ChangeSet& changes);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_CASE_H_
