#include "scenarios/kafka_config/diagnostic.h"

#include "scenarios/kafka_config/text.h"

namespace kafka_config {

std::string Describe(const Position& position) {
  std::string text = Printable(position.file);
  if (position.line > 0) text += Cat(":", std::to_string(position.line));
  if (position.line > 0 && position.column > 0) text += Cat(":", std::to_string(position.column));
  return text;
}

std::string Describe(const Origin& origin) {
  switch (origin.kind) {
    case Origin::Kind::kDefault:
      return "default";
    case Origin::Kind::kAssumed:
      return "assumed";
    case Origin::Kind::kAdjusted:
      return "adjusted at start";
    case Origin::Kind::kFile:
    case Origin::Kind::kScenario:
    case Origin::Kind::kSet:
      break;
  }
  return Describe(origin.position);
}

std::string Describe(const Diagnostic& diagnostic) {
  std::string text = Describe(diagnostic.position);
  text += text.empty() ? "error: " : ": error: ";
  text += diagnostic.field;
  if (!diagnostic.field.empty() && !diagnostic.value.empty()) text += Cat("=", diagnostic.value);
  if (!diagnostic.field.empty()) text += ": ";
  text += diagnostic.message;
  if (!diagnostic.suggestion.empty()) text += Cat("; did you mean ", diagnostic.suggestion, "?");
  return text;
}

std::string Describe(const ConfigNote& note) {
  const std::string where = Describe(note.position);
  return where.empty() ? note.text : Cat(where, ": ", note.text);
}

std::string Describe(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) text += Cat(Describe(diagnostic), "\n");
  return text;
}

}  // namespace kafka_config
