// tools/analysis/change.h
//
// What one run has otherwise than another, as a variant of structs: the currency of causes, cures
// and what-ifs.
//
// Several changes together are a ChangeSet, applied in their order.
#ifndef TOOLS_ANALYSIS_CHANGE_H_
#define TOOLS_ANALYSIS_CHANGE_H_

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "model/kafka/ledger/verdict.h"
#include "model/kafka/setup.h"
#include "scenarios/kafka_config/tables.h"
#include "scenarios/loader/scenario.pb.h"
#include "sim/faults/fault.h"
#include "sim/time.h"

namespace analysis {

// A value over everything that the user and the scenario say of that setting.
struct SettingChange {
  kafka_config::Scope scope{};
  std::string name;
  std::string value;
  friend bool operator==(const SettingChange&, const SettingChange&) = default;
};
// Eligible leader replicas: the cluster's, no property of Kafka's.
struct ElrOn {
  friend bool operator==(const ElrOn&, const ElrOn&) = default;
};
// Every producer's program looks at the outcome of send().
struct CallbackAdded {
  friend bool operator==(const CallbackAdded&, const CallbackAdded&) = default;
};
// Every consumer's program commits after it has processed.
struct CommitAfter {
  friend bool operator==(const CommitAfter&, const CommitAfter&) = default;
};
// The scenario's planted bug is gone.
struct BugRemoved {
  kafka::Mutant bug{};
  friend bool operator==(const BugRemoved&, const BugRemoved&) = default;
};
// A rack for each broker.
struct OwnRacks {
  friend bool operator==(const OwnRacks&, const OwnRacks&) = default;
};
// Faults are left out, by number in the plan; what was to follow one of them keeps its own time.
struct FaultLeftOut {
  std::vector<uint16_t> planned;
  friend bool operator==(const FaultLeftOut&, const FaultLeftOut&) = default;
};
// A fault strikes so much later than it did.
struct FaultMoved {
  uint16_t planned = 0;
  sim::Duration later{};
  friend bool operator==(const FaultMoved&, const FaultMoved&) = default;
};
// Its target is stopped in order instead.
struct OrderlyInstead {
  uint16_t planned = 0;
  friend bool operator==(const OrderlyInstead&, const OrderlyInstead&) = default;
};

using Change = std::variant<SettingChange, ElrOn, CallbackAdded, CommitAfter, BugRemoved, OwnRacks,
                            FaultLeftOut, FaultMoved, OrderlyInstead>;
using ChangeSet = std::vector<Change>;
template <typename... Changes>
ChangeSet Together(const Changes&... changes) {
  ChangeSet set;
  set.reserve(sizeof...(changes));
  (set.emplace_back(changes), ...);
  return set;
}

bool Contains(const ChangeSet& changes, const Change& change);
// The same changes, in whatever order.
bool AreSame(const ChangeSet& a, const ChangeSet& b);

// The settings among them as --set takes them: "producer:acks=all".
std::vector<std::string> SettingLines(const ChangeSet& changes);
// The same, and what is no setting as answers::kElrChange and its like.
std::vector<std::string> ChangeLines(const ChangeSet& changes);
// Any of them is neither a setting nor about the plan: the scenario itself is edited.
bool EditsScenario(const ChangeSet& changes);
void EditScenario(const ChangeSet& changes, loader::proto::Scenario& scenario);
// The plan with each fault where it fired in `realised`, but for what the changes move or leave
// out.
std::vector<sim::PlannedFault> ChangedPlan(const ChangeSet& changes,
                                           const std::vector<sim::PlannedFault>& plan,
                                           std::span<const sim::RealisedFault> realised);

// What the promise's cure of a finding changes; empty where there is none.
ChangeSet CureOf(const kafka::Setup& setup, const kafka::ledger::Finding& finding);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_CHANGE_H_
