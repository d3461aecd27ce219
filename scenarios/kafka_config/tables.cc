#include "scenarios/kafka_config/tables.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "scenarios/embedded.h"
#include "scenarios/kafka_config/text.h"
#include "sim/check.h"

namespace kafka_config {
namespace {

using Row = std::vector<std::string_view>;

// The rows of an embedded table, without its heading. Every row has as many cells as the heading.
std::vector<Row> ReadTable(std::string_view name) {
  const std::string suffix = Cat("kafka_config/tables/", name);
  std::string_view text;
  for (const embedded::EmbeddedFile& file : embedded::EmbeddedConfigTables()) {
    if (file.path.ends_with(suffix)) text = file.text;
  }
  SIM_CHECK(!text.empty());
  std::vector<Row> rows;
  for (const std::string_view line : Split(text, '\n')) {
    if (line.empty()) continue;
    rows.push_back(Split(line, '\t'));
    SIM_CHECK(rows.back().size() == rows.front().size());
  }
  rows.erase(rows.begin());
  return rows;
}

std::vector<std::string> Cells(std::string_view cell) {
  return cell == "-" ? std::vector<std::string>{} : ListEntries(cell);
}

std::optional<std::string> DefaultValue(ValueType type, std::string_view cell) {
  if (cell.empty() || cell == "(required)") return std::nullopt;
  if (type == ValueType::kList && cell.starts_with('[') && cell.ends_with(']')) {
    return Join(ListEntries(cell.substr(1, cell.size() - 2)), ",");
  }
  return std::string(cell);
}

// scope, name, type, default, valid
Definition ParseDefinition(const Row& row) {
  const std::optional<Scope> scope = ParseScope(row[0]);
  const std::optional<ValueType> type = ParseValueType(row[2]);
  SIM_CHECK(scope.has_value());
  SIM_CHECK(type.has_value());
  const std::optional<ValueRule> rule = ParseValueRule(*type, row[4]);
  SIM_CHECK(rule.has_value());
  Definition definition{.scope = *scope, .name = std::string(row[1]), .type = *type};
  definition.default_value = DefaultValue(*type, row[3]);
  definition.rule = *rule;
  return definition;
}

// scope, name, tag, modelled, copied, properties, conditions, effect
Fidelity ParseFidelity(const Row& row) {
  Fidelity fidelity;
  if (row[2] == "latency") fidelity.tag = Tag::kLatency;
  if (row[2] == "verdict") fidelity.tag = Tag::kVerdict;
  SIM_CHECK(fidelity.tag != Tag::kCosmetic || row[2] == "cosmetic");
  fidelity.is_modelled = row[3] == "yes";
  fidelity.is_copied = row[4] == "yes";
  fidelity.properties = Cells(row[5]);
  fidelity.conditions = Cells(row[6]);
  fidelity.effect = std::string(row[7]);
  return fidelity;
}

// What a topic is made with, which Kafka keeps in no properties file.
std::vector<Definition> PseudoDefinitions() {
  std::vector<Definition> definitions;
  for (const std::string_view name : {"partitions", "replication.factor"}) {
    Definition definition{.scope = Scope::kTopic, .name = std::string(name)};
    definition.type = name == "partitions" ? ValueType::kInt : ValueType::kShort;
    definition.rule = {.kind = ValueRule::Kind::kRange, .min = "1"};
    definition.fidelity = {.tag = Tag::kVerdict, .is_modelled = true};
    definition.is_pseudo = true;
    definitions.push_back(std::move(definition));
  }
  return definitions;
}

std::vector<TopicFallback> ParseFallbacks(std::string_view cell) {
  std::vector<TopicFallback> fallbacks;
  for (const std::string_view part : Split(cell, ' ')) {
    const std::vector<std::string_view> factors = Split(part, '*');
    TopicFallback fallback{.broker_name = std::string(factors[0])};
    if (factors.size() == 2) fallback.factor = ParseInt64(factors[1]).value_or(0);
    SIM_CHECK(fallback.factor > 0);
    fallbacks.push_back(std::move(fallback));
  }
  return fallbacks;
}

auto KeyOf(const Definition& definition) {
  return std::pair<Scope, std::string_view>(definition.scope, definition.name);
}

auto KeyOf(const ForeignName& foreign) {
  return std::tuple<std::string_view, Scope>(foreign.name, foreign.scope);
}

constexpr auto kByKey = [](const auto& a, const auto& b) { return KeyOf(a) < KeyOf(b); };

// The edits that two names of this length may be apart and still mean the same.
int Tolerance(std::string_view name) {
  if (name.size() < 3) return 0;
  return name.size() < 8 ? 1 : name.size() < 24 ? 2 : 3;
}

// Capital letters, '_' and '-' do not count: enable_idempotence is enable.idempotence.
std::string Normal(std::string_view name) {
  std::string normal = Lower(name);
  std::replace(normal.begin(), normal.end(), '_', '.');
  std::replace(normal.begin(), normal.end(), '-', '.');
  return normal;
}

struct Near {
  int distance = 0;
  std::string name;
};

void FindNearest(std::span<const Definition> definitions, std::string_view name, Near& best) {
  for (const Definition& definition : definitions) {
    const int distance = EditDistance(name, definition.name, best.distance - 1);
    if (distance < best.distance) best = {distance, definition.name};
  }
}

}  // namespace

std::string_view ScopeName(Scope scope) {
  constexpr std::string_view kNames[] = {"broker", "topic", "producer", "consumer", "group"};
  return kNames[static_cast<size_t>(scope)];
}

std::optional<Scope> ParseScope(std::string_view text) {
  for (const Scope scope :
       {Scope::kBroker, Scope::kTopic, Scope::kProducer, Scope::kConsumer, Scope::kGroup}) {
    if (ScopeName(scope) == text) return scope;
  }
  return std::nullopt;
}

std::string ScopeList(const std::vector<Scope>& scopes) {
  std::vector<std::string> names;
  for (const Scope scope : scopes) names.emplace_back(ScopeName(scope));
  return Join(names, " or ");
}

const Definition* Tables::Find(Scope scope, std::string_view name) const {
  const std::span<const Definition> definitions = Definitions(scope);
  const auto found =
      std::lower_bound(definitions.begin(), definitions.end(), name,
                       [](const Definition& a, std::string_view b) { return a.name < b; });
  return found != definitions.end() && found->name == name ? &*found : nullptr;
}

std::vector<Scope> Tables::ScopesOf(std::string_view name) const {
  std::vector<Scope> scopes;
  for (const Scope scope :
       {Scope::kBroker, Scope::kTopic, Scope::kProducer, Scope::kConsumer, Scope::kGroup}) {
    if (Find(scope, name) != nullptr) scopes.push_back(scope);
  }
  return scopes;
}

std::span<const Definition> Tables::Definitions(Scope scope) const {
  const auto in = [](const Definition& a, Scope b) { return a.scope < b; };
  const auto from = std::lower_bound(definitions_.begin(), definitions_.end(), scope, in);
  const auto to =
      std::find_if(from, definitions_.end(), [&](const Definition& a) { return a.scope != scope; });
  return {from, to};
}

std::vector<ForeignName> Tables::FindForeign(std::string_view name) const {
  std::vector<ForeignName> found;
  auto at = std::lower_bound(foreign_.begin(), foreign_.end(), name,
                             [](const ForeignName& a, std::string_view b) { return a.name < b; });
  for (; at != foreign_.end() && at->name == name; ++at) found.push_back(*at);
  return found;
}

std::span<const TopicFallback> Tables::FallbacksOf(std::string_view topic_name) const {
  const auto found =
      std::lower_bound(fallbacks_.begin(), fallbacks_.end(), topic_name,
                       [](const Fallbacks& a, std::string_view b) { return a.topic_name < b; });
  if (found == fallbacks_.end() || found->topic_name != topic_name) return {};
  return found->fallbacks;
}

std::string_view Tables::TopicNameOf(std::string_view broker_name) const {
  for (const Fallbacks& row : fallbacks_) {
    for (const TopicFallback& fallback : row.fallbacks) {
      if (fallback.broker_name == broker_name) return row.topic_name;
    }
  }
  return "";
}

std::string Tables::Nearest(std::optional<Scope> scope, std::string_view name) const {
  const std::string normal = Normal(name);
  if (normal.size() > 200) return "";
  const int too_far = Tolerance(normal) + 1;
  Near best{.distance = too_far, .name = ""};
  if (scope) FindNearest(Definitions(*scope), normal, best);
  if (best.distance == too_far) FindNearest(definitions_, normal, best);
  return best.name;
}

std::string Tables::Completion(Scope scope, std::string_view name) const {
  const std::string begin = Cat(name, ".");
  std::string found;
  for (const Definition& definition : Definitions(scope)) {
    if (!definition.name.starts_with(begin)) continue;
    if (!found.empty()) return "";
    found = definition.name;
  }
  return found;
}

Tables LoadTables() {
  Tables tables;
  for (const Row& row : ReadTable("kafka-4.3.tsv")) {
    tables.definitions_.push_back(ParseDefinition(row));
  }
  for (Definition& pseudo : PseudoDefinitions()) tables.definitions_.push_back(std::move(pseudo));
  std::sort(tables.definitions_.begin(), tables.definitions_.end(), kByKey);
  for (const Row& row : ReadTable("fidelity.tsv")) {
    const Definition* found = tables.Find(*ParseScope(row[0]), row[1]);
    SIM_CHECK(found != nullptr);
    tables.definitions_[found - tables.definitions_.data()].fidelity = ParseFidelity(row);
  }
  for (const Row& row : ReadTable("other_names.tsv")) {
    tables.foreign_.push_back({std::string(row[0]), *ParseScope(row[1]), std::string(row[2])});
  }
  std::sort(tables.foreign_.begin(), tables.foreign_.end(), kByKey);
  for (const Row& row : ReadTable("topic_fallbacks.tsv")) {
    tables.fallbacks_.push_back({std::string(row[0]), ParseFallbacks(row[1])});
  }
  std::sort(tables.fallbacks_.begin(), tables.fallbacks_.end(),
            [](const auto& a, const auto& b) { return a.topic_name < b.topic_name; });
  return tables;
}

bool Shown(const Definition& definition) {
  return definition.fidelity.is_modelled && definition.type != ValueType::kPassword;
}

std::string ShownValue(const Definition* definition, std::string_view value) {
  if (definition == nullptr || !Shown(*definition)) return "<value not shown>";
  return Printable(value);
}

namespace {

// "300", "-1.5", "30s", "16KiB".
bool IsNumberLike(std::string_view value) {
  const size_t sign = value.starts_with('-') || value.starts_with('+') ? 1 : 0;
  const size_t digits = value.find_first_not_of("0123456789._,", sign);
  if (digits == sign || value.size() > 32) return false;
  const std::string_view unit =
      digits == value.npos ? std::string_view() : Trim(value.substr(digits));
  return unit.size() <= 3 && std::all_of(unit.begin(), unit.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
         });
}

// A word that somebody might write who means one of the choices.
bool IsNear(std::string_view value, std::string_view choice) {
  const int limit = choice.size() <= 3 ? 1 : 2;
  return EditDistance(Lower(value), Lower(choice), limit) <= limit;
}

}  // namespace

std::string ShownRefused(const Definition* definition, std::string_view value) {
  const std::string shown = ShownValue(definition, value);
  if (definition == nullptr || !Shown(*definition) || IsNumberLike(value)) return shown;
  constexpr std::array<std::string_view, 8> kWords = {"",   "true", "false", "yes",
                                                      "no", "on",   "off",   "null"};
  const auto near = [&](std::string_view word) { return IsNear(value, word); };
  const auto& choices = definition->rule.choices;
  const bool is_typo = std::find(kWords.begin(), kWords.end(), Lower(value)) != kWords.end() ||
                       std::any_of(choices.begin(), choices.end(), near);
  return is_typo ? shown : "<value not shown>";
}

std::string ShownName(const Tables& tables, std::string_view name) {
  constexpr std::string_view kHidden = "<name not shown>";
  constexpr size_t kNameMax = 100;
  constexpr size_t kWordMax = 32;
  if (!tables.ScopesOf(name).empty() || !tables.FindForeign(name).empty()) return std::string(name);
  if (name.size() > kNameMax || name.find('.') == name.npos) return std::string(kHidden);
  for (const std::string_view word : Split(name, '.')) {
    const bool is_word = std::all_of(word.begin(), word.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '_' || c == '-';
    });
    if (word.empty() || word.size() > kWordMax || !is_word) return std::string(kHidden);
  }
  return std::string(name);
}

}  // namespace kafka_config
