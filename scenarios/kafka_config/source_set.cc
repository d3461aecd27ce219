#include <algorithm>
#include <utility>

#include "scenarios/kafka_config/source.h"
#include "scenarios/kafka_config/text.h"

namespace kafka_config {
namespace {

ConfigLines SetError(const Origin& origin, std::string field, std::string message,
                     std::string suggestion = "") {
  ConfigLines result;
  result.errors.push_back({.position = origin.position,
                           .field = std::move(field),
                           .message = std::move(message),
                           .suggestion = std::move(suggestion)});
  return result;
}

// The scope of a name given without one.
ConfigLines InferSet(const Tables& tables, std::string_view name, std::string_view value,
                     const Origin& origin) {
  std::vector<Scope> scopes = tables.ScopesOf(name);
  std::erase(scopes, Scope::kGroup);
  if (scopes.empty()) {
    const std::string nearest = tables.Nearest(std::nullopt, name);
    const std::string shown = nearest.empty() ? ShownName(tables, name) : Printable(name);
    return SetError(origin, shown, "is no setting of Kafka 4.3", nearest);
  }
  if (scopes.size() > 1) {
    return SetError(origin, std::string(name),
                    Cat("is a setting of a ", ScopeList(scopes), ": write which, as in ",
                        ScopeName(scopes[0]), ":", name, "=..."));
  }
  ConfigLines result;
  result.lines.push_back({.target = {.scope = scopes[0], .name = ""},
                          .name = std::string(name),
                          .value = std::string(value),
                          .origin = origin});
  return result;
}

}  // namespace

ConfigLines ParseSet(const Tables& tables, std::string_view argument, const Origin& origin) {
  const size_t equals = argument.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return SetError(origin, "", "[SCOPE[/NAME]:]SETTING=VALUE is wanted, as in producer:acks=all");
  }
  const std::string_view value = argument.substr(equals + 1);
  const std::string_view left = Trim(argument.substr(0, equals));
  const size_t colon = left.find(':');
  if (colon == std::string_view::npos) return InferSet(tables, left, value, origin);
  const std::optional<Target> target = ParseTarget(left.substr(0, colon));
  if (!target) {
    return SetError(origin, colon == 0 ? "''" : Printable(left.substr(0, colon)),
                    "is no scope: broker, topic, producer or consumer, or one of them as in "
                    "broker/1, topic/orders");
  }
  ConfigLines result;
  result.lines.push_back({.target = *target,
                          .name = std::string(Trim(left.substr(colon + 1))),
                          .value = std::string(value),
                          .origin = origin});
  return result;
}

std::string ShownSet(const Tables& tables, std::string_view argument) {
  const ConfigLines parsed = ParseSet(tables, argument);
  if (parsed.lines.empty()) return "<not shown>";
  const ConfigLine& line = parsed.lines[0];
  const Definition* definition = tables.Find(line.target.scope, line.name);
  const bool is_scoped = argument.substr(0, argument.find('=')).find(':') != argument.npos;
  return Cat(is_scoped ? Cat(Printable(Describe(line.target)), ":") : "",
             ShownName(tables, line.name), "=", ShownValue(definition, line.value));
}

}  // namespace kafka_config
