#include "tools/analysis/capsule_settings.h"

#include <algorithm>

#include "tools/answers/settings_line.h"

namespace analysis {
namespace {

using kafka_config::Configuration;
using kafka_config::Origin;
using kafka_config::Scope;
using Given = kafka_config::Configuration::Given;

bool IsUsers(const Origin& origin) {
  return origin.kind == Origin::Kind::kFile || origin.kind == Origin::Kind::kSet;
}

bool MayBeShown(const kafka_config::Tables& tables, const Given& given) {
  const kafka_config::Definition* definition = tables.Find(given.target.scope, given.name);
  return definition != nullptr && kafka_config::Shown(*definition);
}

std::string LineOf(const kafka_config::Target& target, const Given& given) {
  return answers::SettingsLine(kafka_config::Describe(target), given.name, given.shown_value);
}

// What was given of one name in one scope: for all of it, and for single ones.
struct Name {
  const Given* all = nullptr;
  std::vector<const Given*> single;
};

// Which of the two counts for that one. The client may have changed the value at its start; it does
// so again in a replay, so what counts is what was given.
const Given* Winner(const Configuration& configuration, const Name& name,
                    const kafka_config::Target& target) {
  const auto own = std::find_if(name.single.begin(), name.single.end(),
                                [&](const Given* given) { return given->target == target; });
  if (own == name.single.end()) return name.all;
  if (name.all == nullptr) return *own;
  const Origin origin = configuration.Get(target, (*own)->name).origin;
  return origin == name.all->origin && origin != (*own)->origin ? name.all : *own;
}

void AddLines(const Configuration& configuration, const Name& name,
              std::vector<std::string>& lines) {
  const bool all_is_users = name.all != nullptr && IsUsers(name.all->origin);
  if (all_is_users) lines.push_back(LineOf(name.all->target, *name.all));
  for (const Given* single : name.single) {
    // In --set lines, one of its own stands over the line for all, and both over the scenario. So a
    // line that is left out must be one that says nothing new.
    const Given* winner = Winner(configuration, name, single->target);
    const bool said_already = all_is_users ? winner == name.all : !IsUsers(winner->origin);
    if (!said_already) lines.push_back(LineOf(single->target, *winner));
  }
}

}  // namespace

std::vector<std::string> CapsuleSettings(const Configuration& configuration) {
  std::vector<Given> given = configuration.GivenSettings();
  std::erase_if(given, [&](const Given& one) { return !MayBeShown(configuration.tables(), one); });
  std::stable_sort(given.begin(), given.end(), [](const Given& a, const Given& b) {
    if (a.target.scope != b.target.scope) return a.target.scope < b.target.scope;
    return a.name < b.name;
  });
  std::vector<std::string> lines;
  for (size_t i = 0; i < given.size();) {
    Name name;
    size_t end = i;
    for (; end < given.size() && given[end].target.scope == given[i].target.scope &&
           given[end].name == given[i].name;
         ++end) {
      if (given[end].target.name.empty()) {
        name.all = &given[end];
      } else {
        name.single.push_back(&given[end]);
      }
    }
    AddLines(configuration, name, lines);
    i = end;
  }
  return lines;
}

}  // namespace analysis
