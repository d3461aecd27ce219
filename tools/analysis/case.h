// tools/analysis/case.h
//
// The run that is explained, and variations of it: the same choices, one thing changed.
//
// A variation keeps every choice's key, and lets each fault fire where it fired in the explained
// run (same message, else same time). Complexity:  a variation is one run.
#ifndef TOOLS_ANALYSIS_CASE_H_
#define TOOLS_ANALYSIS_CASE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/kafka/run.h"
#include "tools/analysis/judge.h"
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

// One thing, or several together, that is otherwise than in the case.
struct Variation {
  std::vector<std::string> set;                        // over the case's own settings, as --set
  std::function<void(loader::proto::Scenario&)> edit;  // what is no setting: racks, ELR, callbacks
  std::vector<uint16_t> without;                       // faults left out, by number in the plan
};

// What became of the message, and of everything else, under a variation.
struct VariationResult {
  absl::Status failure;  // the settings do not go together: not run
  bool sent = false;     // the message was sent at all
  kafka::ledger::Fate fate = kafka::ledger::Fate::kPending;
  bool all_fired = true;         // false: a fault of the plan did not strike, nothing is shown
  bool property_broken = false;  // the finding's property, by any message
  uint64_t broken_messages = 0;
  std::optional<kafka::ledger::Finding> finding;  // that holds the message
  kafka::RunOutcome outcome;
};
// On the case's own choices, its faults where they fired.
VariationResult RunVariation(const Case& base, Identity identity, kafka::ledger::Property property,
                             const Variation& variation, kafka::Runner& runner);
// The same, with a plan of the caller's and a setup that is prepared already.
VariationResult RunPrepared(const Case& base, const Prepared& prepared, Identity identity,
                            kafka::ledger::Property property,
                            const std::vector<sim::PlannedFault>& faults, kafka::Runner& runner);

// A setup with the variation's settings and edits; shared by the runs of many seeds. What the
// variation sets counts over everything that the user and the scenario say of that setting, for
// single brokers, topics and clients too.
absl::Status PrepareVariation(const Case& base, const Variation& variation,
                              std::vector<Prepared>& out);

// The plan with each fault where it fired in `realised`, and without those of `without` (what was
// to follow one of these keeps its own time).
std::vector<sim::PlannedFault> PlanOf(const std::vector<sim::PlannedFault>& plan,
                                      std::span<const sim::RealisedFault> realised,
                                      const std::vector<uint16_t>& without);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_CASE_H_
