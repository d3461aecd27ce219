#include <algorithm>
#include <set>
#include <utility>

#include "scenarios/kafka_config/durability.h"
#include "scenarios/kafka_config/resolver.h"
#include "scenarios/kafka_config/text.h"

namespace kafka_config {

void Resolver::ReadFiles() {
  for (const ConfigFile& file : inputs_.files) {
    ConfigLines lines = ReadConfigFile(tables_, file);
    for (Diagnostic& error : lines.errors) result_.errors.push_back(std::move(error));
    for (ConfigNote& note : lines.notes) result_.notes.push_back(std::move(note));
    if (!file.target || file.target->name.empty()) Widen(lines);
    NoteNotCopied(file.path, lines.lines);
    unclear_.insert(unclear_.end(), lines.unclear.begin(), lines.unclear.end());
    for (const ConfigLine& line : lines.lines) Take(line, kFileLayer);
  }
}

void Resolver::Widen(ConfigLines& lines) {
  std::set<Target> targets;
  for (const ConfigLine& line : lines.lines) targets.insert(line.target);
  if (targets.size() != 1 || targets.begin()->name.empty()) return;
  const Target described = *targets.begin();
  const std::vector<std::string> known = DeclaredNames(described.scope);
  const bool is_there = std::find(known.begin(), known.end(), described.name) != known.end();
  if (is_there && described.scope != Scope::kBroker) return;
  const std::string_view scope = ScopeName(described.scope);
  const std::string why = is_there ? " alone" : ", which the scenario does not have";
  result_.notes.push_back({ConfigNote::Kind::kWarning,
                           {.file = lines.lines[0].origin.position.file},
                           Cat("describes ", scope, " ", Printable(described.name), why,
                               ": its settings are used for every ", scope)});
  for (ConfigLine& line : lines.lines) line.target.name.clear();
}

void Resolver::NoteNotCopied(const std::string& path, const std::vector<ConfigLine>& lines) {
  std::vector<std::string> names;
  for (const ConfigLine& line : lines) {
    const Definition* definition = tables_.Find(line.target.scope, line.name);
    if (definition == nullptr || definition->fidelity.is_copied) continue;
    if (std::find(names.begin(), names.end(), line.name) == names.end()) names.push_back(line.name);
  }
  if (names.empty()) return;
  result_.notes.push_back(
      {ConfigNote::Kind::kNotCopied,
       {.file = path},
       Cat("not copied, since each broker or client has its own: ", Join(names, ", "))});
}

void Resolver::NoteDisplaced(const ConfigLine& line, const Definition& definition,
                             std::string_view value) {
  for (const auto& [key, given] : result_.configuration.given_) {
    const bool is_over = line.target.name.empty() || line.target == key.target;
    if (given.layer != kScenarioLayer || key.target.scope != line.target.scope) continue;
    if (key.name != line.name || !is_over || !displaced_.insert(key).second) continue;
    const auto shown = [&](std::string_view text) {
      return Shown(definition) ? Cat(line.name, "=", Printable(text)) : line.name;
    };
    result_.notes.push_back({ConfigNote::Kind::kDisplaced, given.origin.position,
                             Cat(shown(given.value), " of ", Describe(key.target), " gives way to ",
                                 shown(value), " (", Describe(line.origin), ")")});
  }
}

bool Resolver::IsSet(const Target& target, std::string_view name) const {
  return std::any_of(result_.configuration.given_.begin(), result_.configuration.given_.end(),
                     [&](const auto& entry) {
                       const auto& [key, given] = entry;
                       return given.layer == kSetLayer && key.name == name &&
                              (key.target == target || target.name.empty());
                     });
}

void Resolver::ReportIndirect() {
  for (const auto& [key, diagnostic] : indirect_) {
    if (!IsSet(key.target, key.name) && !IsSet({key.target.scope, ""}, key.name)) {
      result_.errors.push_back(diagnostic);
    }
  }
}

// What a line meant that nobody understood is known where --set says it.
void Resolver::KeepUnclear() {
  std::erase_if(unclear_, [&](const UnclearSetting& one) {
    return IsSet({one.target.scope, ""}, one.name);
  });
  for (const UnclearSetting& one : unclear_) {
    result_.notes.push_back({ConfigNote::Kind::kWarning, one.position,
                             Cat(one.written, " is not understood, and may set ", one.name,
                                 ": what holds is not known; say it with --set ",
                                 Describe(one.target), ":", one.name, "=...")});
  }
  result_.configuration.unclear_ = std::move(unclear_);
}

// A setting that could make this run another one, or leave its verdict open.
bool Resolver::ActsInRun(const Configuration::Key& key) const {
  const Definition* definition = tables_.Find(key.target.scope, key.name);
  if (definition == nullptr) return false;
  const Fidelity& fidelity = definition->fidelity;
  if (!fidelity.is_modelled && fidelity.tag != Tag::kVerdict) return false;
  if (inputs_.declared.brokers > 0 && DeclaredNames(key.target.scope).empty()) return false;
  const std::string_view name =
      key.target.scope == Scope::kBroker ? TopicNameOf(key.name) : std::string_view();
  if (name.empty() || inputs_.declared.topics.empty()) return true;
  const std::vector<Target> topics = TargetsOf(Scope::kTopic);
  return std::any_of(topics.begin(), topics.end(), [&](const Target& topic) {
    return !result_.configuration.IsGiven(topic, name);
  });
}

void Resolver::NoteIdleFiles() {
  std::set<std::string> acting;
  for (const auto& [key, given] : result_.configuration.given_) {
    if (given.layer == kFileLayer && ActsInRun(key)) acting.insert(given.origin.position.file);
  }
  for (const ConfigFile& file : inputs_.files) {
    if (!acting.insert(file.path).second) continue;
    result_.notes.push_back({ConfigNote::Kind::kWarning,
                             {.file = file.path},
                             "changed nothing: none of its settings can act in this run"});
  }
}

}  // namespace kafka_config
