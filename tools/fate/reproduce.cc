#include "tools/fate/reproduce.h"

#include "scenarios/kafka_config/properties.h"
#include "scenarios/loader/units.h"

namespace fate {
namespace {

std::string Quoted(const std::string& word) {
  const bool plain = word.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "0123456789-_=:/.,+@") == std::string::npos;
  if (plain && !word.empty()) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string SettingFlags(const kafka_config::Tables& tables, const Options& options) {
  std::string line;
  for (const std::string& file : options.config) line += " --config " + Quoted(file);
  for (const std::string& set : options.set) {
    line += " --set " + Quoted(kafka_config::ShownSet(tables, set));
  }
  if (options.until) line += " --until " + loader::DurationText(*options.until);
  return line;
}

}  // namespace

std::string ReproduceLine(const kafka_config::Tables& tables, const Options& options,
                          const std::string& scenario, uint64_t seed) {
  return Quoted(options.program) + " run " + Quoted(scenario) + " --seed " + std::to_string(seed) +
         SettingFlags(tables, options);
}

std::string ReproduceVariantsLine(const kafka_config::Tables& tables, const Options& options,
                                  const std::string& scenario) {
  std::string line = Quoted(options.program) + " run " + Quoted(scenario) + " --variants";
  if (options.seeds) {
    line += " --seeds " + std::to_string(options.seeds->first) + ".." +
            std::to_string(options.seeds->last);
  }
  return line + SettingFlags(tables, options);
}

}  // namespace fate
