// scenarios/kafka_config/resolver.h
//
// One resolution: reads every source, judges every line, then lets the rules judge the whole.
#ifndef SCENARIOS_KAFKA_CONFIG_RESOLVER_H_
#define SCENARIOS_KAFKA_CONFIG_RESOLVER_H_

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/kafka_config/configuration.h"
#include "scenarios/kafka_config/rules.h"

namespace kafka_config {

class Resolver {
 public:
  Resolver(const Tables& tables, const ConfigInputs& inputs);

  Resolution Run();

 private:
  enum Layer { kScenarioLayer, kFileLayer, kSetLayer };  // the later outranks

  void ReadFiles();
  // A file that describes one broker, or one topic that the scenario does not have, speaks for all.
  void Widen(ConfigLines& lines);
  void NoteNotCopied(const std::string& path, const std::vector<ConfigLine>& lines);

  // One line: stored, noted, or refused.
  void Take(const ConfigLine& line, Layer layer);
  bool IsDeclared(const ConfigLine& line, Layer layer);
  void TakeIndirect(const ConfigLine& line, const Definition& definition, Layer layer);
  void TakeUnknown(const ConfigLine& line, Layer layer);
  std::string Hint(const ConfigLine& line) const;
  void TakeMisplaced(const ConfigLine& line, Layer layer, Scope home);
  bool IsRefusedByElr(const ConfigLine& line, Layer layer);
  void Store(const ConfigLine& line, const Definition& definition, Layer layer);
  // Names the scenario's lines that a file's line stands over.
  void NoteDisplaced(const ConfigLine& line, const Definition& definition, std::string_view value);

  // True if --set gives it: that answers what a file leaves open.
  bool IsSet(const Target& target, std::string_view name) const;
  void ReportIndirect();
  void KeepUnclear();
  bool ActsInRun(const Configuration::Key& key) const;
  void NoteIdleFiles();

  void ApplyRules();
  void ApplyRules(const Target& target);
  bool HasOwn(const Target& target) const;
  void NoteShadowed();
  // The topic's setting that a broker's is the default of, what a topic is made with included; "".
  std::string_view TopicNameOf(std::string_view broker_name) const;
  std::vector<Target> TargetsOf(Scope scope) const;
  std::vector<std::string> DeclaredNames(Scope scope) const;

  void Error(const ConfigLine& line, std::string field, std::string value, std::string message,
             std::string suggestion = "");
  void Note(ConfigNote::Kind kind, const ConfigLine& line, std::string text);

  const Tables& tables_;
  const ConfigInputs& inputs_;
  Resolution result_;
  std::vector<UnclearSetting> unclear_;     // of the files
  std::set<Configuration::Key> displaced_;  // the scenario's, that are noted
  // Values that are known only where it runs: an error unless --set gives the value.
  std::map<Configuration::Key, Diagnostic> indirect_;
  int searches_left_ =
      1000;  // for a name that was meant: bounds the time that a hostile file takes
};

}  // namespace kafka_config

#endif  // SCENARIOS_KAFKA_CONFIG_RESOLVER_H_
