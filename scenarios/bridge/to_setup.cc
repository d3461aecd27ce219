#include "scenarios/bridge/to_setup.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/text_format.h>

#include <iterator>

#include "scenarios/bridge/to_setup_values.h"
#include "scenarios/kafka_config/text.h"
#include "scenarios/loader/check.h"

namespace bridge {
namespace {

namespace pb = ::google::protobuf;
using kafka::Mutant;

constexpr std::pair<std::string_view, Mutant> kMutants[] = {
    {"ack_before_append", Mutant::kAckBeforeAppend},
    {"high_watermark_falls", Mutant::kHighWatermarkFalls},
    {"truncation_skipped", Mutant::kTruncationSkipped},
    {"truncate_to_high_watermark", Mutant::kTruncateToHighWatermark},
    {"follower_told_new_watermark", Mutant::kFollowerToldNewWatermark},
    {"watermark_ignores_min_isr", Mutant::kWatermarkIgnoresMinIsr},
    {"watermark_committed_isr_only", Mutant::kWatermarkCommittedIsrOnly},
    {"elect_outside_isr", Mutant::kElectOutsideIsr},
    {"join_without_epoch_start", Mutant::kJoinWithoutEpochStart},
    {"no_broker_epoch_check", Mutant::kNoBrokerEpochCheck},
    {"stale_leader_accepts", Mutant::kStaleLeaderAccepts},
    {"no_duplicate_check", Mutant::kNoDuplicateCheck},
    {"consumer_reads_to_log_end", Mutant::kConsumerReadsToLogEnd},
    {"recovery_keeps_torn_tail", Mutant::kRecoveryKeepsTornTail},
    {"restarted_stays_in_isr", Mutant::kRestartedStaysInIsr},
    {"hide_log_end_until_flushed", Mutant::kHideLogEndUntilFlushed},
    {"recovery_point_too_high", Mutant::kRecoveryPointTooHigh},
    {"keep_pending_isr", Mutant::kKeepPendingIsr},
};

void BuildMutant(const loader::LoadedScenario& loaded, BuiltSetup& out) {
  for (int i = 0; i < loaded.scenario.mutant_size(); ++i) {
    const std::string& name = loaded.scenario.mutant(i);
    const kafka_config::Position place = loaded.PlaceOf(loader::Indexed("mutant", i));
    const auto found = std::find_if(std::begin(kMutants), std::end(kMutants),
                                    [&](const auto& entry) { return entry.first == name; });
    if (found == std::end(kMutants)) {
      out.errors.push_back({.position = place,
                            .field = "mutant",
                            .value = name,
                            .message = "is no planted bug of the model",
                            .suggestion = loader::NearestName(name, MutantNames())});
      continue;
    }
    if (i > 0) {
      out.errors.push_back({.position = place,
                            .field = "mutant",
                            .value = name,
                            .message = "is the second one: bugs are planted one at a time"});
    }
    out.setup.mutant = found->second;
  }
}

// "HEAVY", "0.3ms", "r1 r2 r3"; none where the default is no single value.
std::optional<std::string> ValueAt(const pb::Message& message, std::string_view path) {
  const size_t dot = path.find('.');
  const std::string_view part = path.substr(0, dot);
  const size_t bracket = part.find('[');
  const pb::FieldDescriptor* field =
      message.GetDescriptor()->FindFieldByName(std::string(part.substr(0, bracket)));
  if (field == nullptr) return "";
  const pb::Reflection& reflection = *message.GetReflection();
  if (dot != std::string_view::npos) {
    const std::string_view rest = path.substr(dot + 1);
    if (!field->is_repeated()) return ValueAt(reflection.GetMessage(message, field), rest);
    const std::string_view digits = part.substr(bracket + 1, part.size() - bracket - 2);
    const int64_t index = kafka_config::ParseInt64(digits).value_or(0);
    return ValueAt(reflection.GetRepeatedMessage(message, field, static_cast<int>(index)), rest);
  }
  if (!field->is_repeated() && !reflection.HasField(message, field)) return std::nullopt;
  std::string text;
  const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
  for (int i = 0; i < count; ++i) {
    std::string value;
    pb::TextFormat::PrintFieldValueToString(message, field, field->is_repeated() ? i : -1, &value);
    std::erase(value, '"');
    text += kafka_config::Cat(i == 0 ? "" : " ", value);
  }
  return text;
}

void AddAssumptions(const loader::LoadedScenario& loaded, BuiltSetup& out) {
  for (const std::string& path : loaded.scenario.assumed()) {
    out.assumed.push_back(
        {.kind = Assumption::Kind::kField, .name = path, .value = ValueAt(loaded.scenario, path)});
  }
  out.assumed.push_back({.kind = Assumption::Kind::kController});
  if (loaded.scenario.consumer_size() > 0) {
    out.assumed.push_back({.kind = Assumption::Kind::kOffsetStore});
  }
}

}  // namespace

std::vector<std::string> MutantNames() {
  std::vector<std::string> names;
  for (const auto& [name, mutant] : kMutants) names.emplace_back(name);
  return names;
}

BuiltSetup BuildSetup(const loader::LoadedScenario& loaded,
                      const kafka_config::Configuration& configuration) {
  BuiltSetup out;
  out.setup.name = loaded.scenario.name();
  out.setup.time_limit = loader::DurationOf(loaded.scenario.time_limit());
  BuildMutant(loaded, out);
  BuildCluster(loaded, configuration, out);
  BuildTopics(loaded, configuration, out);
  // What follows refers to partitions by number.
  if (!out.errors.empty()) return out;
  BuildPrograms(loaded, configuration, out);
  BuildFaults(loaded, configuration, out);
  AddAssumptions(loaded, out);
  return out;
}

}  // namespace bridge
