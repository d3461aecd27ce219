#include "bench/explain/answer_key.h"

#include <absl/status/status.h>

#include <algorithm>
#include <iterator>

#include "scenarios/kafka_config/text.h"

namespace bench {
namespace {

using answers::Cause;
using kafka_config::Cat;

constexpr size_t kColumns = 7;

Names Sorted(Names names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<Names> Answers(std::string_view cell, std::string (*canonical)(std::string_view)) {
  std::vector<Names> answers;
  for (const std::string_view answer : kafka_config::Split(cell, '|')) {
    Names names;
    if (answer != "-") {
      for (const std::string_view name : kafka_config::Split(answer, ',')) {
        names.push_back(canonical(name));
      }
    }
    answers.push_back(Sorted(std::move(names)));
  }
  return answers;
}

std::string AsItIs(std::string_view name) { return std::string(name); }

Names Without(const Names& from, const Names& names) {
  Names rest;
  std::set_difference(from.begin(), from.end(), names.begin(), names.end(),
                      std::back_inserter(rest));
  return rest;
}

Judged Judge(Names given, const std::vector<Names>& answers) {
  Judged nearest;
  size_t distance = SIZE_MAX;
  const Names named = Sorted(std::move(given));
  for (const Names& answer : answers) {
    const Judged judged{named, Without(answer, named), Without(named, answer)};
    if (judged.missing.size() + judged.extra.size() >= distance) continue;
    distance = judged.missing.size() + judged.extra.size();
    nearest = judged;
  }
  return nearest;
}

// What Kafka has if nobody says anything, where the key and an explanation may both spell it out.
std::string CanonicalValue(std::string_view name, std::string_view value) {
  if (name == "min.insync.replicas" && value == "unset") return "1";
  if (name == "unclean.leader.election.enable" && value == "unset") return "false";
  if (name == "flush.messages" && value == "9223372036854775807") return "unset";
  if (name == "acks" && value == "-1") return "all";
  return std::string(value);
}

std::string Canonical(std::string_view scope, std::string_view name, std::string_view value) {
  return Cat(scope, ":", name, "=", CanonicalValue(name, value));
}

// As the key's settings are spelled.
std::string NameOf(const Cause& cause) {
  switch (cause.what_case()) {
    case Cause::kSetting:
      return Canonical(cause.setting().scope(), cause.setting().name(),
                       cause.setting().unset() ? "unset" : cause.setting().value());
    case Cause::kElrOff:
      return "cluster:elr=false";
    case Cause::kBug:
      return "mutant:" + kafka_config::Lower(answers::PlantedBug_Name(cause.bug()));
    case Cause::kNoCallback:
      return "program:callback";
    case Cause::kCommitsBefore:
      return "program:commit";
    case Cause::kFault:
      return cause.fault().name();
    case Cause::WHAT_NOT_SET:
      break;
  }
  return "";
}

}  // namespace

std::string CanonicalSetting(std::string_view setting) {
  if (setting.starts_with("mutant:") || setting.starts_with("program:")) return AsItIs(setting);
  if (setting.starts_with("cluster.")) return Cat("cluster:", setting.substr(8));
  const size_t colon = setting.find(':');
  const size_t equals = setting.find('=');
  if (colon == std::string_view::npos || equals == std::string_view::npos || equals < colon) {
    return AsItIs(setting);
  }
  const std::string_view scope = setting.substr(0, colon);
  const std::string_view name = setting.substr(colon + 1, equals - colon - 1);
  return Canonical(scope.substr(0, scope.find('/')), name, setting.substr(equals + 1));
}

absl::StatusOr<std::vector<KeyLine>> ParseKey(std::string_view text) {
  std::vector<KeyLine> key;
  for (const std::string_view line : kafka_config::Split(text, '\n')) {
    if (line.empty() || line.starts_with('#') || line.starts_with("case\t")) continue;
    const std::vector<std::string_view> cells = kafka_config::Split(line, '\t');
    if (cells.size() != kColumns) {
      return absl::InvalidArgumentError(
          Cat("key: \"", line, "\" has ", std::to_string(cells.size()), " columns, not 7"));
    }
    const auto seed = kafka_config::ParseInt64(cells[1]);
    if (!seed) return absl::InvalidArgumentError(Cat("key: \"", cells[1], "\" is no seed"));
    key.push_back({.scenario = std::string(cells[0]),
                   .seed = static_cast<uint64_t>(*seed),
                   .found = std::string(cells[2]),
                   .shape = std::string(cells[3]),
                   .mechanisms = Answers(cells[4], AsItIs),
                   .settings = Answers(cells[5], CanonicalSetting),
                   .faults = Answers(cells[6], AsItIs)});
  }
  return key;
}

Comparison Compare(const KeyLine& key, const answers::Explanation& explanation) {
  Names mechanism;
  if (explanation.mechanism() != answers::MECHANISM_UNSPECIFIED) {
    mechanism.push_back(kafka_config::Lower(answers::Mechanism_Name(explanation.mechanism())));
  }
  Names settings;
  Names faults;
  Comparison result;
  for (const Cause& cause : explanation.causes()) {
    ++result.causes;
    if (cause.confirmation() == Cause::CONFIRMED) ++result.confirmed;
    (cause.has_fault() ? faults : settings).push_back(NameOf(cause));
  }
  result.mechanism = Judge(std::move(mechanism), key.mechanisms);
  result.settings = Judge(std::move(settings), key.settings);
  result.faults = Judge(std::move(faults), key.faults);
  result.chain_rows = explanation.chain_size();
  return result;
}

}  // namespace bench
