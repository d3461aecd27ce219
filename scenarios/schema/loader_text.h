// scenarios/schema/loader_text.h
//
// A scenario's text as a message, with the place of every field and all typos at once.
//
// Protobuf's parser stops at the first error, so a first, tolerant pass collects what it can:
// unknown fields, and values that do not fit, which are blanked out before it goes on. Only a text
// without such errors meets the strict parser.
// Invariants:  no bytes whatever make it crash or print; nesting and size are bounded.
#ifndef SCENARIOS_SCHEMA_LOADER_TEXT_H_
#define SCENARIOS_SCHEMA_LOADER_TEXT_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/schema/config_diagnostic.h"
#include "scenarios/schema/scenario.pb.h"

namespace schema {

// Fields that were written, by path: "fault[0].when.copies". Fields of a list are numbered.
using Positions = std::map<std::string, Position, std::less<>>;

struct ParsedText {
  proto::Scenario scenario;  // what could be read
  Positions positions;
  std::vector<Diagnostic> errors;
  bool complete = false;  // the text was read to its end, if not without errors
};

ParsedText ParseScenarioText(std::string_view text, std::string_view file);

// Where a field was written, or else the innermost field around it, or else the file.
Position InnermostPlace(const Positions& positions, std::string_view path, std::string_view file);

// The candidate that was probably meant, or "".
std::string NearestName(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace schema

#endif  // SCENARIOS_SCHEMA_LOADER_TEXT_H_
