#include "scenarios/kafka_config/resolver.h"

#include <algorithm>
#include <set>
#include <utility>

#include "scenarios/kafka_config/durability.h"
#include "scenarios/kafka_config/text.h"

namespace kafka_config {
namespace {

bool Contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Names that plug-ins, vendors and listeners own, near to Kafka's or not.
bool IsOwnedByOthers(std::string_view name) {
  constexpr std::string_view kPrefixes[] = {"confluent.", "listener.name.", "rlmm.config.",
                                            "rsm.config.", "config.providers."};
  return std::any_of(std::begin(kPrefixes), std::end(kPrefixes),
                     [&](std::string_view prefix) { return name.starts_with(prefix); });
}

// A value that is known only where it runs: "${file:/run/secrets:password}" of a config provider,
// "${ACKS}", "$(ACKS)", "{{ acks }}" and "%{acks}" of those who fill in templates.
bool IsIndirect(std::string_view value) {
  constexpr std::string_view kPlaceholders[][2] = {
      {"${", "}"}, {"$(", ")"}, {"{{", "}}"}, {"%{", "}"}};
  for (const auto& [open, close] : kPlaceholders) {
    const size_t at = value.find(open);
    if (at != value.npos && value.find(close, at + open.size()) != value.npos) return true;
  }
  return false;
}

std::string Article(Scope scope) { return Cat("a ", ScopeName(scope)); }

// The nearest of a few declared names, "" if none is near.
std::string NearestOf(const std::vector<std::string>& names, std::string_view name) {
  std::string nearest;
  int best = 3;
  for (const std::string& known : names) {
    const int distance = EditDistance(name, known, best - 1);
    if (distance >= best) continue;
    best = distance;
    nearest = known;
  }
  return nearest;
}

// The same finding for several clients is said once.
template <class Finding>
void AddOnce(Finding finding, std::vector<Finding>& findings) {
  if (std::find(findings.begin(), findings.end(), finding) == findings.end()) {
    findings.push_back(std::move(finding));
  }
}

}  // namespace

Resolver::Resolver(const Tables& tables, const ConfigInputs& inputs)
    : tables_(tables), inputs_(inputs), result_{Configuration(tables), {}, {}} {
  result_.configuration.declared_ = inputs.declared;
}

Resolution Resolver::Run() {
  for (const ConfigLine& line : inputs_.scenario) Take(line, kScenarioLayer);
  ReadFiles();
  for (const ConfigLine& line : inputs_.set) Take(line, kSetLayer);
  ReportIndirect();
  KeepUnclear();
  if (result_.errors.empty()) ApplyRules();
  NoteShadowed();
  if (result_.errors.empty()) NoteIdleFiles();
  return std::move(result_);
}

void Resolver::Take(const ConfigLine& line, Layer layer) {
  if (line.name.empty()) {
    if (layer == kFileLayer) return;  // "=value" is an entry for Java, and nothing for Kafka
    return Error(line, "", "", "a setting without a name");
  }
  if (!IsDeclared(line, layer)) return;
  const Definition* definition = tables_.Find(line.target.scope, line.name);
  if (definition == nullptr) return TakeUnknown(line, layer);
  if (IsRefusedByElr(line, layer)) return;
  if (IsIndirect(line.value)) return TakeIndirect(line, *definition, layer);
  if (const auto objection = Objection(definition->type, definition->rule, line.value)) {
    const std::string shown = ShownRefused(definition, Trim(line.value));
    return Error(line, line.name, shown,
                 Cat("Invalid value ", shown, " for configuration ", line.name, ": ", *objection));
  }
  if (definition->fidelity.is_copied) return Store(line, *definition, layer);
  if (layer != kFileLayer) {
    Error(line, line.name, "", "cannot be set: each broker or client of the scenario has its own");
  }
}

// What the model acts on, or what decides by its number whether something can act, must be known
// here. Of a text it is enough that there is one; the rest does not matter.
void Resolver::TakeIndirect(const ConfigLine& line, const Definition& definition, Layer layer) {
  const bool is_text = definition.type == ValueType::kString ||
                       definition.type == ValueType::kClass ||
                       definition.type == ValueType::kPassword;
  const bool is_needed =
      Shown(definition) || (definition.fidelity.tag == Tag::kVerdict && !is_text);
  if (is_needed) {
    indirect_[{line.target, line.name}] = {line.origin.position, line.name, "<value not shown>",
                                           Cat("the value comes from a config provider or a "
                                               "placeholder, which is not asked here; give "
                                               "it with --set ",
                                               Describe(line.target), ":", line.name, "=..."),
                                           ""};
  } else if (is_text && definition.fidelity.is_copied) {
    Store(line, definition, layer);
  }
}

bool Resolver::IsDeclared(const ConfigLine& line, Layer layer) {
  const std::vector<std::string> names = DeclaredNames(line.target.scope);
  if (line.target.name.empty() || names.empty() || Contains(names, line.target.name)) return true;
  const std::string what = Cat(ScopeName(line.target.scope), "/", Printable(line.target.name));
  const std::string has = Cat("the scenario has no such ", ScopeName(line.target.scope),
                              "; it has ", Join(names, ", "));
  if (layer == kFileLayer && line.origin.position.line > 0) {
    result_.notes.push_back({ConfigNote::Kind::kIgnored,
                             {.file = line.origin.position.file},
                             Cat(what, " is ignored: ", has)});
    return false;
  }
  Error(line, what, "", has, NearestOf(names, line.target.name));
  return false;
}

// A name that 4.3 does not have in this scope: of another scope, of another version, near to one
// that it has, or of nobody.
void Resolver::TakeUnknown(const ConfigLine& line, Layer layer) {
  const std::vector<Scope> homes = tables_.ScopesOf(line.name);
  if (layer == kFileLayer && homes.empty()) {
    if (auto unclear = UnclearOf(line.name, line.origin.position)) {
      unclear_.push_back(*std::move(unclear));
    }
  }
  const std::vector<ForeignName> foreign = tables_.FindForeign(line.name);
  const bool is_own = std::any_of(foreign.begin(), foreign.end(), [&](const ForeignName& name) {
    return name.scope == line.target.scope;
  });
  if (is_own || (homes.empty() && !foreign.empty())) {
    const auto own = std::find_if(foreign.begin(), foreign.end(), [&](const ForeignName& name) {
      return name.scope == line.target.scope;
    });
    const ForeignName& known = own == foreign.end() ? foreign.front() : *own;
    return Note(ConfigNote::Kind::kIgnored, line,
                Cat(line.name, ": a ", ScopeName(known.scope), "'s name of ", known.last_seen_in,
                    ", not of 4.3: ignored, as Kafka ignores it", Hint(line)));
  }
  if (!homes.empty()) return TakeMisplaced(line, layer, homes.front());
  if (!IsOwnedByOthers(line.name)) {
    const bool may_search = searches_left_ > 0;
    if (may_search) --searches_left_;
    const std::string nearest = may_search ? tables_.Nearest(line.target.scope, line.name) : "";
    if (!nearest.empty()) {
      const bool is_here = tables_.Find(line.target.scope, nearest) != nullptr;
      const std::string where =
          is_here ? "" : Cat(" (a setting of ", Article(tables_.ScopesOf(nearest).front()), ")");
      return Error(line, Printable(line.name), "", "is no setting of Kafka 4.3",
                   Cat(nearest, where));
    }
  }
  Note(ConfigNote::Kind::kIgnored, line,
       Cat(ShownName(tables_, line.name), ": no setting that Kafka 4.3 lists for ",
           Article(line.target.scope), ": ignored, as Kafka ignores it", Hint(line)));
}

// "max.in.flight" is the beginning of one setting: perhaps that was meant.
std::string Resolver::Hint(const ConfigLine& line) const {
  const std::string completion = tables_.Completion(line.target.scope, line.name);
  return completion.empty() ? "" : Cat(" (did you mean ", completion, "?)");
}

// Kafka ignores a stray name in a file, so it is said; who types one meant something.
void Resolver::TakeMisplaced(const ConfigLine& line, Layer layer, Scope home) {
  const Scope scope = line.target.scope;
  std::string here;
  if (scope == Scope::kTopic) here = tables_.TopicNameOf(line.name);
  if (scope == Scope::kBroker) {
    for (const TopicFallback& fallback : tables_.FallbacksOf(line.name)) {
      if (here.empty()) here = fallback.broker_name;
    }
  }
  const std::string what = Cat("is a setting of ", Article(home), ", not of ", Article(scope));
  const std::string advice = here.empty() ? Cat("; give it as ", ScopeName(home), ":", line.name)
                                          : Cat("; the ", ScopeName(scope), "'s name is ", here);
  // Kafka knows no unknown topic settings: it refuses them when the topic is made.
  if (layer != kFileLayer || scope == Scope::kTopic) {
    return Error(line, line.name, "", Cat(what, here.empty() ? advice : ""), here);
  }
  Note(ConfigNote::Kind::kIgnored, line,
       Cat(line.name, " ", what, ": ignored, as Kafka ignores it", advice));
}

// KB:E-17: with ELR the value of the cluster counts, and a broker's own is refused. A file of one
// broker is read at its start, where the cluster's record stands above it.
bool Resolver::IsRefusedByElr(const ConfigLine& line, Layer layer) {
  const bool concerns_one = line.target.scope == Scope::kBroker && !line.target.name.empty();
  if (!concerns_one || !inputs_.declared.has_elr || line.name != "min.insync.replicas")
    return false;
  const std::string why =
      "with eligible leader replicas, min.insync.replicas belongs to the cluster or to a topic";
  if (layer == kFileLayer) {
    Note(ConfigNote::Kind::kIgnored, line, Cat(why, ": a broker's own does not count"));
  } else {
    Error(line, line.name, Printable(line.value), Cat(why, ", and Kafka refuses a broker's own"),
          "broker:min.insync.replicas");
  }
  return true;
}

void Resolver::Store(const ConfigLine& line, const Definition& definition, Layer layer) {
  std::string value = Canonical(definition.type, line.value);
  if (definition.scope == Scope::kProducer && definition.name == "acks" && value == "-1") {
    value = "all";
  }
  if (layer == kFileLayer) NoteDisplaced(line, definition, value);
  result_.configuration.given_[{line.target, line.name}] = {
      .value = std::move(value), .origin = line.origin, .layer = layer};
}

void Resolver::ApplyRules() {
  for (const Scope scope : {Scope::kBroker, Scope::kTopic, Scope::kProducer, Scope::kConsumer}) {
    for (const Target& target : TargetsOf(scope)) ApplyRules(target);
  }
}

void Resolver::ApplyRules(const Target& target) {
  Configuration& configuration = result_.configuration;
  // Who has no setting of its own is judged as all are, and then the findings name nobody.
  const std::string name = HasOwn(target) ? target.name : "";
  RuleFindings findings;
  if (target.scope == Scope::kBroker) {
    const auto id = ParseInt64(name);
    findings = CheckBroker(configuration, static_cast<int>(id.value_or(Configuration::kAnyBroker)));
  }
  if (target.scope == Scope::kTopic) findings = CheckTopic(configuration, name);
  if (target.scope == Scope::kProducer) findings = CheckProducer(configuration, name);
  if (target.scope == Scope::kConsumer) findings = CheckConsumer(configuration, name);
  for (Diagnostic& error : findings.errors) AddOnce(std::move(error), result_.errors);
  for (ConfigNote& note : findings.notes) AddOnce(std::move(note), result_.notes);
  for (Adjustment& adjustment : findings.adjustments) {
    configuration.adjusted_[{target, adjustment.name}] = {
        .value = std::move(adjustment.value), .origin = {Origin::Kind::kAdjusted, {}}, .layer = 0};
  }
  configuration.adjusted_targets_.insert(target);
}

bool Resolver::HasOwn(const Target& target) const {
  const auto& given = result_.configuration.given_;
  const auto found = given.lower_bound({target, ""});
  return found != given.end() && found->first.target == target;
}

std::string_view Resolver::TopicNameOf(std::string_view broker_name) const {
  if (broker_name == "default.replication.factor") return "replication.factor";
  if (broker_name == "num.partitions") return "partitions";
  return tables_.TopicNameOf(broker_name);
}

// A broker's min.insync.replicas=1 does nothing where the topic sets its own.
void Resolver::NoteShadowed() {
  for (const auto& [key, given] : result_.configuration.given_) {
    if (key.target.scope != Scope::kBroker || given.layer == kScenarioLayer) continue;
    const std::string_view name = TopicNameOf(key.name);
    if (name.empty()) continue;
    for (const Target& topic : TargetsOf(Scope::kTopic)) {
      if (!result_.configuration.IsGiven(topic, name)) continue;
      const Definition* definition = tables_.Find(Scope::kTopic, name);
      if (given.layer == kFileLayer && !Shown(*definition)) continue;
      const Origin origin = result_.configuration.Topic(topic.name, name).origin;
      result_.notes.push_back(
          {ConfigNote::Kind::kWarning, given.origin.position,
           Cat(Describe(key.target), ":", key.name, " does not reach ", Describe(topic),
               ", which sets its own ", name, " (", kafka_config::Describe(origin), ")")});
    }
  }
}

// Those that are declared; where nothing is, all of the scope and who has a setting of its own.
std::vector<Target> Resolver::TargetsOf(Scope scope) const {
  std::set<Target> targets;
  for (const std::string& name : DeclaredNames(scope)) targets.insert({scope, name});
  if (!targets.empty() && scope != Scope::kBroker) return {targets.begin(), targets.end()};
  targets = {{scope, ""}};
  for (const auto& [key, given] : result_.configuration.given_) {
    if (key.target.scope == scope) targets.insert(key.target);
  }
  return {targets.begin(), targets.end()};
}

std::vector<std::string> Resolver::DeclaredNames(Scope scope) const {
  return kafka_config::DeclaredNames(inputs_.declared, scope);
}

void Resolver::Error(const ConfigLine& line, std::string field, std::string value,
                     std::string message, std::string suggestion) {
  result_.errors.push_back({line.origin.position, std::move(field), std::move(value),
                            std::move(message), std::move(suggestion)});
}

void Resolver::Note(ConfigNote::Kind kind, const ConfigLine& line, std::string text) {
  result_.notes.push_back({kind, line.origin.position, std::move(text)});
}

Resolution Resolve(const Tables& tables, const ConfigInputs& inputs) {
  return Resolver(tables, inputs).Run();
}

}  // namespace kafka_config
