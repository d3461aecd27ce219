#include "tools/analysis/cures.h"

#include <algorithm>

#include "tools/answers/settings_line.h"

namespace analysis {
namespace {

using answers::SettingsLine;
using kafka::ledger::Cure;

// Copies count only if acknowledging waits for two of them.
std::vector<std::string> AcksAll(const kafka::Setup& setup, kafka::PartitionId partition) {
  std::vector<std::string> lines{SettingsLine("producer", "acks", "all")};
  const bool alone = setup.partitions[partition.value].replicas.size() < 2;
  if (!alone && setup.topic_of(partition).min_insync_replicas < 2) {
    lines.push_back(SettingsLine("topic", "min.insync.replicas", "2"));
  }
  return lines;
}

// Large enough for all that anybody sends to that topic. A batch of several records is no larger
// than batch.size.
std::vector<std::string> SizeLimits(const kafka::Setup& setup, kafka::PartitionId partition) {
  constexpr uint32_t kOverhead = 512;  // of a batch and a record, rounded up
  uint32_t batch = 0;
  bool request_too_small = false;
  for (const kafka::ProducerSetup& producer : setup.producers) {
    if (producer.program.topic != setup.partitions[partition.value].topic) continue;
    const uint32_t record = producer.program.message_bytes + kOverhead;
    batch = std::max({batch, record, producer.settings.batch_size});
    request_too_small |= record > producer.settings.max_request_size;
  }
  std::vector<std::string> lines;
  if (request_too_small) {
    lines.push_back(SettingsLine("producer", "max.request.size", std::to_string(batch)));
  }
  if (batch > setup.topic_of(partition).max_message_bytes) {
    lines.push_back(SettingsLine("topic", "max.message.bytes", std::to_string(batch)));
  }
  return lines;
}

}  // namespace

std::vector<std::string> CureLines(const kafka::Setup& setup,
                                   const kafka::ledger::Finding& finding) {
  switch (finding.cure) {
    case Cure::kNone:
      return {};
    case Cure::kAcksAll:
      return AcksAll(setup, finding.partition);
    case Cure::kUncleanOff:
      return {SettingsLine("topic", "unclean.leader.election.enable", "false")};
    case Cure::kFlushEachMessage:
      return {SettingsLine("topic", "flush.messages", "1")};
    case Cure::kElrOn:
      return {answers::kElrChange};
    case Cure::kCallback:
      return {answers::kCallbackChange};
    case Cure::kSizeLimits:
      return SizeLimits(setup, finding.partition);
  }
  return {};
}

void ConfirmCures(const kafka_config::Tables& tables, const Prepared& prepared,
                  const UserSettings& user, const kafka::RunOutcome& outcome,
                  answers::RunResult& result) {
  kafka::Runner runner;
  kafka::RunOutcome cured;
  for (size_t i = 0; i < outcome.verdict.findings.size(); ++i) {
    const kafka::ledger::Finding& finding = outcome.verdict.findings[i];
    const std::vector<std::string> changes = CureLines(prepared.setup(), finding);
    if (changes.empty()) continue;
    const absl::StatusOr<Prepared> cure = PrepareChanged(tables, prepared, user, changes);
    if (!cure.ok()) continue;
    const auto faults = kafka::Anchored(cure->setup().faults, outcome.realised);
    runner.Run({.setup = &cure->setup(), .seed = result.seed(), .faults = faults}, cured);
    const kafka::ledger::PropertyResult& saved = cured.verdict.of(finding.property);
    result.mutable_findings(static_cast<int>(i))
        ->set_cure_confirmed(saved.status == kafka::ledger::Status::kHeld);
  }
}

}  // namespace analysis
