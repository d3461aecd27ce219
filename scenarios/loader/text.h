// scenarios/loader/text.h
//
// A scenario's text as a message, with the place of every field and all typos at once.
//
// Protobuf's parser stops at the first error, so a first, tolerant pass collects what it can:
// unknown fields, and values that do not fit, which are blanked out before it goes on. Only a text
// without such errors meets the strict parser.
// Invariants:  no bytes whatever make it crash or print; nesting and size are bounded.
#ifndef SCENARIOS_LOADER_TEXT_H_
#define SCENARIOS_LOADER_TEXT_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/kafka_config/diagnostic.h"
#include "scenarios/loader/scenario.pb.h"

namespace loader {

// Fields that were written, by path: "fault[0].when.copies". Fields of a list are numbered.
using Positions = std::map<std::string, kafka_config::Position, std::less<>>;

struct ParsedText {
  proto::Scenario scenario;  // what could be read
  Positions positions;
  std::vector<kafka_config::Diagnostic> errors;
  bool complete = false;  // the text was read to its end, if not without errors
};

ParsedText ParseScenarioText(std::string_view text, std::string_view file);

// Where a field was written, or else the innermost field around it, or else the file.
kafka_config::Position InnermostPlace(const Positions& positions, std::string_view path,
                                      std::string_view file);

// The candidate that was probably meant, or "".
std::string NearestName(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace loader

#endif  // SCENARIOS_LOADER_TEXT_H_
