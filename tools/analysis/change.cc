#include "tools/analysis/change.h"

#include <algorithm>

#include "model/kafka/run.h"
#include "tools/answers/settings_line.h"

namespace analysis {
namespace {

using kafka_config::Scope;

template <typename Kind>
bool Holds(const ChangeSet& changes) {
  return std::any_of(changes.begin(), changes.end(),
                     [](const Change& change) { return std::holds_alternative<Kind>(change); });
}

std::string LineOf(const SettingChange& setting) {
  return answers::SettingsLine(kafka_config::ScopeName(setting.scope), setting.name, setting.value);
}

// Own racks in the place of the scenario's.
void EditRacks(loader::proto::Scenario& scenario) {
  auto& racks = *scenario.mutable_cluster()->mutable_racks();
  for (int i = 0; i < racks.size(); ++i) racks[i] = "own-rack-" + std::to_string(i + 1);
}

std::vector<sim::PlannedFault> Without(const std::vector<sim::PlannedFault>& plan,
                                       const std::vector<uint16_t>& left_out) {
  std::vector<int16_t> number(plan.size(), -1);  // in the new plan; -1: left out
  std::vector<sim::PlannedFault> kept;
  for (uint16_t i = 0; i < plan.size(); ++i) {
    if (std::find(left_out.begin(), left_out.end(), i) != left_out.end()) continue;
    number[i] = static_cast<int16_t>(kept.size());
    kept.push_back(plan[i]);
  }
  for (sim::PlannedFault& fault : kept) {
    if (fault.after_fault >= 0) fault.after_fault = number[static_cast<size_t>(fault.after_fault)];
  }
  return kept;
}

void Move(const FaultMoved& moved, std::span<const sim::RealisedFault> realised,
          sim::PlannedFault& fault) {
  for (const sim::RealisedFault& fired : realised) {
    if (fired.plan != moved.planned) continue;
    fault.note_kind = 0;
    fault.by_uid = false;
    fault.at = fired.time + moved.later;
  }
}

// Copies count only if acknowledging waits for two of them.
ChangeSet AcksAll(const kafka::Setup& setup, kafka::PartitionId partition) {
  ChangeSet changes = Together(SettingChange{Scope::kProducer, "acks", "all"});
  const bool alone = setup.partitions[partition.value].replicas.size() < 2;
  if (!alone && setup.topic_of(partition).min_insync_replicas < 2) {
    changes.push_back(SettingChange{Scope::kTopic, "min.insync.replicas", "2"});
  }
  return changes;
}

// Large enough for all that anybody sends to that topic. A batch of several records is no larger
// than batch.size.
ChangeSet SizeLimits(const kafka::Setup& setup, kafka::PartitionId partition) {
  constexpr uint32_t kOverhead = 512;  // of a batch and a record, rounded up
  uint32_t batch = 0;
  bool request_too_small = false;
  for (const kafka::ProducerSetup& producer : setup.producers) {
    if (producer.program.topic != setup.partitions[partition.value].topic) continue;
    const uint32_t record = producer.program.message_bytes + kOverhead;
    batch = std::max({batch, record, producer.settings.batch_size});
    request_too_small = request_too_small || record > producer.settings.max_request_size;
  }
  ChangeSet changes;
  const std::string enough = std::to_string(batch);
  if (request_too_small) {
    changes.push_back(SettingChange{Scope::kProducer, "max.request.size", enough});
  }
  if (batch > setup.topic_of(partition).max_message_bytes) {
    changes.push_back(SettingChange{Scope::kTopic, "max.message.bytes", enough});
  }
  return changes;
}

}  // namespace

bool Contains(const ChangeSet& changes, const Change& change) {
  return std::find(changes.begin(), changes.end(), change) != changes.end();
}

bool AreSame(const ChangeSet& a, const ChangeSet& b) {
  const auto holds = [](const ChangeSet& all, const ChangeSet& some) {
    return std::all_of(some.begin(), some.end(),
                       [&](const Change& change) { return Contains(all, change); });
  };
  return holds(a, b) && holds(b, a);
}

std::vector<std::string> SettingLines(const ChangeSet& changes) {
  std::vector<std::string> lines;
  for (const Change& change : changes) {
    if (const auto* setting = std::get_if<SettingChange>(&change))
      lines.push_back(LineOf(*setting));
  }
  return lines;
}

std::vector<std::string> ChangeLines(const ChangeSet& changes) {
  std::vector<std::string> lines;
  for (const Change& change : changes) {
    if (const auto* setting = std::get_if<SettingChange>(&change))
      lines.push_back(LineOf(*setting));
    if (std::holds_alternative<ElrOn>(change)) lines.emplace_back(answers::kElrChange);
    if (std::holds_alternative<CallbackAdded>(change)) {
      lines.emplace_back(answers::kCallbackChange);
    }
    if (std::holds_alternative<CommitAfter>(change)) {
      lines.emplace_back(answers::kCommitAfterChange);
    }
  }
  return lines;
}

bool EditsScenario(const ChangeSet& changes) {
  return Holds<ElrOn>(changes) || Holds<CallbackAdded>(changes) || Holds<CommitAfter>(changes) ||
         Holds<BugRemoved>(changes) || Holds<OwnRacks>(changes);
}

void EditScenario(const ChangeSet& changes, loader::proto::Scenario& scenario) {
  if (Holds<BugRemoved>(changes)) scenario.clear_mutant();
  if (Holds<ElrOn>(changes)) scenario.mutable_cluster()->set_elr(true);
  if (Holds<OwnRacks>(changes)) EditRacks(scenario);
  for (auto& producer : *scenario.mutable_producer()) {
    if (Holds<CallbackAdded>(changes)) producer.set_callback(true);
  }
  for (auto& consumer : *scenario.mutable_consumer()) {
    if (Holds<CommitAfter>(changes)) consumer.set_commit(loader::proto::Consumer::AFTER);
  }
}

std::vector<sim::PlannedFault> ChangedPlan(const ChangeSet& changes,
                                           const std::vector<sim::PlannedFault>& plan,
                                           std::span<const sim::RealisedFault> realised) {
  std::vector<sim::PlannedFault> changed = kafka::Anchored(plan, realised);
  std::vector<uint16_t> left_out;
  for (const Change& change : changes) {
    if (const auto* moved = std::get_if<FaultMoved>(&change)) {
      Move(*moved, realised, changed[moved->planned]);
    } else if (const auto* orderly = std::get_if<OrderlyInstead>(&change)) {
      changed[orderly->planned].kind = sim::FaultKind::kStop;
    } else if (const auto* without = std::get_if<FaultLeftOut>(&change)) {
      left_out.insert(left_out.end(), without->planned.begin(), without->planned.end());
    }
  }
  return Without(changed, left_out);
}

ChangeSet CureOf(const kafka::Setup& setup, const kafka::ledger::Finding& finding) {
  switch (finding.cure) {
    case kafka::ledger::Cure::kAcksAll:
      return AcksAll(setup, finding.partition);
    case kafka::ledger::Cure::kUncleanOff:
      return Together(SettingChange{Scope::kTopic, "unclean.leader.election.enable", "false"});
    case kafka::ledger::Cure::kFlushEachMessage:
      return Together(SettingChange{Scope::kTopic, "flush.messages", "1"});
    case kafka::ledger::Cure::kElrOn:
      return Together(ElrOn{});
    case kafka::ledger::Cure::kCallback:
      return Together(CallbackAdded{});
    case kafka::ledger::Cure::kSizeLimits:
      return SizeLimits(setup, finding.partition);
    case kafka::ledger::Cure::kNone:
      break;
  }
  return {};
}

}  // namespace analysis
