// scenarios/loader/loader.h
//
// From a scenario's text to a scenario that is known to make sense, or to everything that is wrong
// with it.
//
// Invariants:  (1) nothing that the loader accepts can fail a check later, Kafka's settings aside;
//              (2) loading `canonical_text` gives the same canonical text;  (3) name, claim, why
//              and the file's name are in no hash: they are no input of a run.
// Example:     LoadResult loaded = LoadScenario(text, "mine.textproto");
//              if (!loaded.scenario) std::cerr << Describe(loaded.errors);
#ifndef SCENARIOS_LOADER_LOADER_H_
#define SCENARIOS_LOADER_LOADER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/kafka_config/diagnostic.h"
#include "scenarios/loader/scenario.pb.h"
#include "scenarios/loader/text.h"
#include "scenarios/loader/units.h"

namespace loader {

struct LoadedScenario {
  proto::Scenario scenario;    // with every default filled in; what is left open is open by choice
  std::string canonical_text;  // of `scenario`
  std::string sha256;          // 64 hex digits over the canonical text without name, claim and why
  std::string file;            // where it was read from, for messages
  std::string variant;         // the variant that it is, "" for the scenario itself
  int variant_sets = 0;        // how many of the last `set` lines are the variant's
  proto::Scenario written;     // as it was written, before defaults: what a variant is made from
  Positions positions;

  // Where a field was written, or else the innermost field around it: "fault[0].when.copies".
  kafka_config::Position PlaceOf(std::string_view path) const;
  // False if the field holds a default.
  bool IsWritten(std::string_view path) const;
};

struct LoadResult {
  std::optional<LoadedScenario> scenario;        // nothing if there are errors
  std::vector<kafka_config::Diagnostic> errors;  // in the order of the file
};

// `file` is for messages alone. Takes any bytes.
LoadResult LoadScenario(std::string_view text, std::string_view file);

// The index-th variant of a scenario, as a scenario without variants.
LoadedScenario ExpandVariant(const LoadedScenario& base, int index);

// The one text of a scenario: fields in the schema's order, no comments.
std::string CanonicalText(const proto::Scenario& scenario);

}  // namespace loader

#endif  // SCENARIOS_LOADER_LOADER_H_
