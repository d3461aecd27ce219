// fate scenario list | show | lint, fate version, and fate alone.
#include <cstdio>
#include <fstream>
#include <sstream>

#include "scenarios/loader/shipped.h"
#include "tools/analysis/engine_version.h"
#include "tools/analysis/prepare.h"
#include "tools/analysis/scenario_list.h"
#include "tools/answers/result.pb.h"
#include "tools/fate/commands.h"
#include "tools/fate/session.h"
#include "tools/render/json.h"
#include "tools/render/scenario_text.h"

namespace fate {

int VersionCommand(const Options&) {
  PrintAnswer(std::string("fate ") + analysis::EngineVersion() +
              "\nprofile kafka-4.3 (rules and defaults of Apache Kafka 4.3.1), client java\n");
  return kExitMet;
}

int ShortCommand(const Options& options) {
  PrintAnswer(render::ShortHelpText(options.program));
  return kExitMet;
}

int ScenarioListCommand(const Options& options) {
  const absl::StatusOr<answers::ScenarioList> list = analysis::ShippedScenarios();
  if (!list.ok()) {
    PrintError(std::string(list.status().message()));
    return kExitInternal;
  }
  const render::Style style = render::MakeStyle(options.color, options.ascii, 1);
  PrintAnswer(options.format == Format::kJson ? render::ToJson(*list)
                                              : render::ScenarioListText(*list, style),
              PaintOf(style));
  return kExitMet;
}

int ScenarioShowCommand(const Options& options) {
  const std::string& name = options.targets.front();
  if (const embedded::EmbeddedFile* file = loader::FindShipped(name)) {
    PrintAnswer(std::string(file->text));
    return kExitMet;
  }
  const auto loaded = analysis::LoadNamed(name);
  if (!loaded.ok()) return Fail(loaded.status());
  std::ifstream stream(loaded->file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  PrintAnswer(text.str());
  return kExitMet;
}

// All mistakes of all files, Kafka's settings included.
int ScenarioLintCommand(const Options& options) {
  const kafka_config::Tables tables = kafka_config::LoadTables();
  int code = kExitMet;
  for (const std::string& name : options.targets) {
    if (const absl::Status prepared = analysis::CheckScenario(tables, name); !prepared.ok()) {
      code = Fail(prepared);
    } else if (!options.quiet) {
      PrintAnswer(name + ": no mistakes\n");
    }
  }
  return code;
}

}  // namespace fate
