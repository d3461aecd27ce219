#include "scenarios/kafka_config/source.h"

#include <algorithm>
#include <map>
#include <utility>

#include "scenarios/kafka_config/describe.h"
#include "scenarios/kafka_config/durability.h"
#include "scenarios/kafka_config/formats/detect.h"
#include "scenarios/kafka_config/properties.h"
#include "scenarios/kafka_config/text.h"

namespace kafka_config {
namespace {

constexpr Scope kTargetScopes[] = {Scope::kBroker, Scope::kTopic, Scope::kProducer,
                                   Scope::kConsumer};
constexpr std::string_view kDescribeFormat = "the output of kafka-configs --describe";
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::string_view kScopeHelp =
    "say what it is for: --config broker=FILE, topic=FILE, producer=FILE or consumer=FILE";

// The scopes in which a name can mean something: of 4.3, or, failing that, of another version.
std::vector<Scope> MeaningsOf(const Tables& tables, std::string_view name) {
  std::vector<Scope> scopes = tables.ScopesOf(name);
  if (scopes.empty()) {
    for (const ForeignName& foreign : tables.FindForeign(name)) scopes.push_back(foreign.scope);
  }
  return scopes;
}

bool Contains(const std::vector<Scope>& scopes, Scope scope) {
  return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

// Of a name given twice the last counts, at the place of the last.
std::vector<PropertyEntry> WithoutDuplicates(const Tables& tables,
                                             const std::vector<PropertyEntry>& entries,
                                             std::vector<ConfigNote>& notes) {
  std::map<std::string_view, const PropertyEntry*> seen;
  std::vector<const PropertyEntry*> lost;
  for (const PropertyEntry& entry : entries) {
    const PropertyEntry*& known = seen[entry.key];
    if (known != nullptr) {
      lost.push_back(known);
      notes.push_back({ConfigNote::Kind::kDuplicate, entry.position,
                       Cat(ShownName(tables, entry.key), " is given again: it counts, and line ",
                           std::to_string(known->position.line), " does not")});
    }
    known = &entry;
  }
  std::sort(lost.begin(), lost.end());
  std::vector<PropertyEntry> kept;
  for (const PropertyEntry& entry : entries) {
    if (!std::binary_search(lost.begin(), lost.end(), &entry)) kept.push_back(entry);
  }
  return kept;
}

std::string Belongs(const Tables& tables, const PropertyEntry& entry) {
  return Cat(entry.key, " (line ", std::to_string(entry.position.line), ") is a setting of a ",
             ScopeList(MeaningsOf(tables, entry.key)));
}

struct Inferred {
  std::optional<Scope> scope;
  std::string problem;
};

Inferred InferScope(const Tables& tables, std::string_view format,
                    const std::vector<PropertyEntry>& entries) {
  std::vector<Scope> candidates(std::begin(kTargetScopes), std::end(kTargetScopes));
  const PropertyEntry* narrowing = nullptr;  // the name that left the candidates there are
  for (const PropertyEntry& entry : entries) {
    const std::vector<Scope> meanings = MeaningsOf(tables, entry.key);
    if (meanings.empty()) continue;
    const size_t before = candidates.size();
    std::erase_if(candidates, [&](Scope scope) { return !Contains(meanings, scope); });
    if (candidates.empty()) {
      const std::string other = narrowing == nullptr ? "" : Cat(Belongs(tables, *narrowing), ", ");
      return {std::nullopt, Cat(other, Belongs(tables, entry))};
    }
    if (narrowing == nullptr || candidates.size() < before) narrowing = &entry;
  }
  if (narrowing == nullptr) {
    return {std::nullopt,
            Cat("it reads like ", format,
                ", and none of its names is one of Kafka's: ", NamesAndLines(tables, entries))};
  }
  if (candidates.size() == 1) return {candidates[0], ""};
  return {std::nullopt, Cat("all its names are settings of a ", ScopeList(candidates))};
}

// A file given as one scope in which every name that Kafka knows belongs to another.
std::optional<std::string> WrongScope(const Tables& tables, Scope scope,
                                      const std::vector<PropertyEntry>& entries) {
  const PropertyEntry* other = nullptr;
  for (const PropertyEntry& entry : entries) {
    const std::vector<Scope> meanings = MeaningsOf(tables, entry.key);
    if (Contains(meanings, scope)) return std::nullopt;
    if (other == nullptr && !meanings.empty()) other = &entry;
  }
  if (other == nullptr) return std::nullopt;
  return Cat("was given as settings of a ", ScopeName(scope),
             ", and none of its names is one: ", other->key, " is a setting of a ",
             ScopeList(MeaningsOf(tables, other->key)));
}

// True if a name can be told apart from one that nobody has: a slip of the finger is a name.
bool IsSomebodys(const Tables& tables, Scope scope, const std::string& name) {
  const std::vector<Scope> meanings = MeaningsOf(tables, name);
  if (Contains(meanings, scope)) return true;
  return meanings.empty() &&
         (name.starts_with("confluent.") || name.starts_with("listener.name.") ||
          !tables.Nearest(scope, name).empty());
}

// A file of which most lines are settings of nobody in its scope: what it says was not understood.
std::optional<std::string> MostlyNotUnderstood(const Tables& tables, Scope scope,
                                               std::string_view format,
                                               const std::vector<PropertyEntry>& entries) {
  constexpr size_t kLookedAtMax = 400;
  std::vector<PropertyEntry> strangers;
  const size_t looked_at = std::min(entries.size(), kLookedAtMax);
  for (size_t i = 0; i < looked_at; ++i) {
    if (!IsSomebodys(tables, scope, entries[i].key)) strangers.push_back(entries[i]);
  }
  if (strangers.size() * 2 <= looked_at) return std::nullopt;
  return Cat("reads like ", format, ", and ", std::to_string(strangers.size()), " of ",
             std::to_string(looked_at), " are no settings of a ", ScopeName(scope), ": ",
             NamesAndLines(tables, strangers),
             "; nothing is judged by a file that is not "
             "understood");
}

void AppendLines(const Target& target, std::vector<PropertyEntry> entries, ConfigLines& result) {
  for (PropertyEntry& entry : entries) {
    result.lines.push_back({.target = target,
                            .name = std::move(entry.key),
                            .value = std::move(entry.value),
                            .origin = {Origin::Kind::kFile, std::move(entry.position)}});
  }
}

void AppendUnderstood(const Tables& tables, const Target& target, std::string_view format,
                      std::vector<PropertyEntry> entries, ConfigLines& result) {
  if (const auto problem = MostlyNotUnderstood(tables, target.scope, format, entries)) {
    result.errors.push_back(
        {.position = {.file = entries.front().position.file}, .message = *problem});
    return;
  }
  AppendLines(target, std::move(entries), result);
}

// Adds entries whose scope is given or has to be inferred.
void AddEntries(const Tables& tables, const ConfigFile& file, std::string_view format,
                const std::vector<PropertyEntry>& all, ConfigLines& result) {
  std::vector<PropertyEntry> entries = WithoutDuplicates(tables, all, result.notes);
  const Position whole{.file = file.path};
  if (entries.empty()) {
    if (result.errors.empty()) {
      result.notes.push_back({ConfigNote::Kind::kWarning, whole, "has no settings"});
    }
    return;
  }
  if (file.target) {
    if (const auto problem = WrongScope(tables, file.target->scope, entries)) {
      result.errors.push_back({.position = whole, .message = *problem});
      return;
    }
    return AppendUnderstood(tables, *file.target, format, std::move(entries), result);
  }
  const Inferred inferred = InferScope(tables, format, entries);
  if (!inferred.scope) {
    result.errors.push_back({.position = whole,
                             .message = Cat("cannot tell whose settings these are: ",
                                            inferred.problem, "; ", kScopeHelp)});
    return;
  }
  AppendUnderstood(tables, {.scope = *inferred.scope, .name = ""}, format, std::move(entries),
                   result);
}

// What a reader found for a target that the file itself names. Who gave the file for one client
// meant that one.
void AddGroup(const Tables& tables, const ConfigFile& file, std::string_view format,
              const FileReading::Group& group, ConfigLines& result) {
  if (!group.target) return AddEntries(tables, file, format, group.entries, result);
  const bool is_named = file.target && !file.target->name.empty() && group.target->name.empty() &&
                        file.target->scope == group.target->scope;
  AppendLines(is_named ? *file.target : *group.target,
              WithoutDuplicates(tables, group.entries, result.notes), result);
}

void AddLeftOut(const Tables& tables, const ConfigFile& file, const FileReading& reading,
                ConfigLines& result) {
  if (reading.left_out.empty()) return;
  for (const PropertyEntry& entry : reading.left_out) {
    if (auto unclear = UnclearOf(entry.key, entry.position)) {
      result.unclear.push_back(*std::move(unclear));
    }
  }
  const std::string names = NamesAndLines(tables, reading.left_out);
  if (result.lines.empty()) {
    result.errors.push_back(
        {.position = {.file = file.path},
         .message = Cat("reads like ", reading.format,
                        ", and none of its lines is a setting that is known here: ", names)});
    return;
  }
  result.notes.push_back(
      {ConfigNote::Kind::kIgnored,
       {.file = file.path},
       Cat("left out, as no setting of a broker, topic, producer or consumer: ", names)});
}

void AddReading(const Tables& tables, const ConfigFile& file, FileReading reading,
                ConfigLines& result) {
  for (Diagnostic& error : reading.errors) result.errors.push_back(std::move(error));
  for (ConfigNote& note : reading.notes) result.notes.push_back(std::move(note));
  for (const FileReading::Group& group : reading.found)
    AddGroup(tables, file, reading.format, group, result);
  if (reading.found.empty() && reading.left_out.empty())
    AddEntries(tables, file, reading.format, {}, result);
  if (result.errors.empty()) AddLeftOut(tables, file, reading, result);
}

// "9 settings of the producer, 4 of the consumer"
std::string CountsOf(const std::vector<ConfigLine>& lines) {
  std::string counts;
  for (const Scope scope : kTargetScopes) {
    const auto count = std::count_if(lines.begin(), lines.end(), [&](const ConfigLine& line) {
      return line.target.scope == scope && line.origin.position.line > 0;
    });
    if (count == 0) continue;
    const std::string what = !counts.empty() ? "" : count == 1 ? " setting" : " settings";
    counts +=
        Cat(counts.empty() ? "" : ", ", std::to_string(count), what, " of the ", ScopeName(scope));
  }
  return counts;
}

void SayFormat(const ConfigFile& file, std::string_view format, ConfigLines& result) {
  const std::string counts = CountsOf(result.lines);
  if (counts.empty()) return;
  result.notes.insert(
      result.notes.begin(),
      {ConfigNote::Kind::kRead, {.file = file.path}, Cat("reads like ", format, ": ", counts)});
}

void AddDescribed(const Tables& tables, const ConfigFile& file, const DescribedEntity& entity,
                  ConfigLines& result) {
  if (entity.type.empty()) return AddEntries(tables, file, kDescribeFormat, entity.entries, result);
  const std::optional<Scope> scope = ParseScope(entity.type);
  if (!scope || (*scope != Scope::kBroker && *scope != Scope::kTopic)) {
    result.notes.push_back({ConfigNote::Kind::kIgnored, entity.position,
                            Cat("settings of a ", Printable(entity.type), " are not used")});
    return;
  }
  if (file.target && file.target->scope != *scope) {
    result.errors.push_back(
        {.position = entity.position,
         .message = Cat("describes a ", ScopeName(*scope), " and was given as settings of a ",
                        ScopeName(file.target->scope))});
    return;
  }
  const bool is_named = file.target && !file.target->name.empty();
  AppendLines(is_named ? *file.target : Target{*scope, entity.name}, entity.entries, result);
}

// Java takes the three bytes for a part of the first name, and so loses that setting. Of UTF-16 it
// can make nothing at all.
bool HasByteOrderMark(const ConfigFile& file, ConfigLines& result) {
  const std::string_view text = file.text;
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    result.errors.push_back(
        {.position = {file.path, 1, 1},
         .message = "is UTF-16, which Kafka does not read; save it as UTF-8 without a mark"});
    return true;
  }
  if (!text.starts_with(kByteOrderMark)) return false;
  result.errors.push_back(
      {.position = {file.path, 1, 1},
       .message = "starts with a byte order mark, which Java reads as a part of the first name; "
                  "save the file without it"});
  return true;
}

}  // namespace

std::string Describe(const Target& target) {
  const std::string scope(ScopeName(target.scope));
  return target.name.empty() ? scope : Cat(scope, "/", target.name);
}

std::optional<Target> ParseTarget(std::string_view text) {
  const size_t slash = text.find('/');
  const std::optional<Scope> scope = ParseScope(text.substr(0, slash));
  if (!scope || *scope == Scope::kGroup) return std::nullopt;
  if (slash == std::string_view::npos) return Target{.scope = *scope, .name = ""};
  const std::string_view name = text.substr(slash + 1);
  if (name.empty()) return std::nullopt;
  return Target{.scope = *scope, .name = std::string(name)};
}

ConfigFile ParseConfigArgument(std::string_view argument) {
  const size_t equals = argument.find('=');
  if (equals != std::string_view::npos) {
    if (const auto target = ParseTarget(argument.substr(0, equals))) {
      return {.target = target, .path = std::string(argument.substr(equals + 1)), .text = ""};
    }
  }
  return {.target = std::nullopt, .path = std::string(argument), .text = ""};
}

ConfigLines ReadConfigFile(const Tables& tables, const ConfigFile& file) {
  ConfigLines result;
  if (HasByteOrderMark(file, result)) return result;
  if (IsDescribeOutput(file.text)) {
    DescribedConfigs described = ReadDescribeOutput(file.text, file.path);
    result.notes = std::move(described.notes);
    for (const DescribedEntity& entity : described.entities) {
      AddDescribed(tables, file, entity, result);
    }
    SayFormat(file, kDescribeFormat, result);
    return result;
  }
  FileReading reading = ReadByFormat(tables, file);
  const std::string format = reading.format;
  AddReading(tables, file, std::move(reading), result);
  SayFormat(file, format, result);
  return result;
}

}  // namespace kafka_config
