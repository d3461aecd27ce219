#include "scenarios/loader/loader.h"

#include <google/protobuf/text_format.h>

#include <algorithm>
#include <tuple>

#include "scenarios/kafka_config/text.h"
#include "scenarios/loader/check.h"
#include "scenarios/loader/defaults.h"
#include "scenarios/loader/sha256.h"
#include "scenarios/loader/variant.h"
#include "sim/check.h"

namespace loader {
namespace {

std::string HashOf(proto::Scenario scenario) {
  scenario.clear_name();
  scenario.clear_claim();
  scenario.clear_why();
  return Sha256Hex(CanonicalText(scenario));
}

LoadedScenario Finished(proto::Scenario written, std::string_view file, Positions positions) {
  LoadedScenario loaded{
      .file = std::string(file), .written = std::move(written), .positions = std::move(positions)};
  loaded.scenario = WithDefaults(loaded.written);
  loaded.canonical_text = CanonicalText(loaded.scenario);
  loaded.sha256 = HashOf(loaded.scenario);
  return loaded;
}

// A path, or something inside it.
bool IsWithin(std::string_view path, std::string_view outer) {
  if (!path.starts_with(outer)) return false;
  return path.size() == outer.size() || path[outer.size()] == '.' || path[outer.size()] == '[';
}

// A scenario of many variants has most of its places in them: they are skipped, not erased.
Positions OutsideVariants(const Positions& positions) {
  Positions outside(positions.begin(), positions.lower_bound("variant"));
  auto it = positions.lower_bound("variant");
  while (it != positions.end() && IsWithin(it->first, "variant")) {
    it = positions.lower_bound(std::string("variant\\"));  // the character behind '['
  }
  outside.insert(it, positions.end());
  return outside;
}

void ForgetAssumed(const proto::Scenario& scenario, Positions& positions) {
  for (const std::string& assumed : scenario.assumed()) {
    std::erase_if(positions, [&](const auto& entry) { return IsWithin(entry.first, assumed); });
  }
}

void SortByPlace(std::vector<kafka_config::Diagnostic>& errors) {
  std::stable_sort(errors.begin(), errors.end(),
                   [](const kafka_config::Diagnostic& a, const kafka_config::Diagnostic& b) {
                     return std::tie(a.position.line, a.position.column) <
                            std::tie(b.position.line, b.position.column);
                   });
}

}  // namespace

std::string CanonicalText(const proto::Scenario& scenario) {
  google::protobuf::TextFormat::Printer printer;
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  SIM_CHECK(printer.PrintToString(scenario, &text));
  return text;
}

kafka_config::Position LoadedScenario::PlaceOf(std::string_view path) const {
  return InnermostPlace(positions, path, file);
}

bool LoadedScenario::IsWritten(std::string_view path) const {
  return positions.find(path) != positions.end();
}

LoadResult LoadScenario(std::string_view text, std::string_view file) {
  ParsedText parsed = ParseScenarioText(text, file);
  ForgetAssumed(parsed.scenario, parsed.positions);
  proto::Scenario written = WithoutAssumed(std::move(parsed.scenario));

  LoadResult result{.errors = std::move(parsed.errors)};
  // What the rest of a broken text would have said is not known: it would be guessing.
  if (parsed.complete || result.errors.empty()) {
    const CheckMode mode{.has_typos = !result.errors.empty()};
    Findings findings(parsed.positions, file, mode);
    CheckScenario(written, findings);
    if (findings.all().empty()) {
      CheckVariants(written, parsed.positions, file, mode, findings);
    }
    result.errors.insert(result.errors.end(), findings.all().begin(), findings.all().end());
  }
  SortByPlace(result.errors);
  if (result.errors.empty()) {
    result.scenario = Finished(std::move(written), file, std::move(parsed.positions));
  }
  return result;
}

LoadedScenario ExpandVariant(const LoadedScenario& base, int index) {
  SIM_CHECK(index >= 0);
  SIM_CHECK(index < base.written.variant_size());
  const proto::Variant& variant = base.written.variant(index);
  const std::string at = Indexed("variant", index);
  const kafka_config::Position place = base.PlaceOf(at);

  proto::Scenario written = AsVariant(base.written, variant);
  Positions positions = OutsideVariants(base.positions);
  // The change, and the expectations that came with it, stand in the variant.
  for (const std::string& path : DifferingFields(WithoutVariants(base.written), written)) {
    positions[path] = place;
  }
  if (!variant.set().empty()) {
    positions[Indexed("set", written.set_size() - 1)] = base.PlaceOf(kafka_config::Cat(at, ".set"));
  }
  for (const std::string_view list : {"expect", "predicts"}) {
    const std::string inside = kafka_config::Cat(at, ".", list);
    for (auto it = base.positions.lower_bound(inside);
         it != base.positions.end() && it->first.starts_with(inside); ++it) {
      if (IsWithin(it->first, inside)) positions[it->first.substr(at.size() + 1)] = it->second;
    }
  }

  LoadedScenario expanded = Finished(std::move(written), base.file, std::move(positions));
  expanded.variant = variant.name();
  expanded.variant_sets = variant.set().empty() ? 0 : 1;
  return expanded;
}

}  // namespace loader
