// fate scenario list | show | lint, fate version, and fate alone.
#include <cstdio>
#include <fstream>
#include <sstream>

#include "scenarios/schema/loader_shipped.h"
#include "tools/fate/commands.h"
#include "tools/fate/prepare.h"
#include "tools/report/json.h"

namespace fate {
namespace {

void Print(const std::string& text) { std::fputs(text.c_str(), stdout); }

}  // namespace

const char* EngineVersion() { return FATE_VERSION; }

int VersionCommand(const Options&) {
  Print(std::string("fate ") + EngineVersion() +
        "\nprofile kafka-4.3 (rules and defaults of Apache Kafka 4.3.1), client java\n");
  return kExitMet;
}

int ShortCommand(const Options& options) {
  const std::string& fate = options.program;
  Print(
      "Fate simulates Kafka, breaks it on purpose, and says what became of every message.\n\n"
      "  " +
      fate +
      " demo                             a message that was acknowledged, and died\n"
      "  " +
      fate +
      " run b8_leader_dies_before_fetch  one scenario: the verdict and why\n"
      "  " +
      fate +
      " run disasters --config producer=FILE --config broker=FILE\n"
      "                                        your own settings through six disasters\n\n"
      "  run SCENARIO       simulate; --seeds A..B, --variants, --set, --config, --trace\n"
      "  explain [MESSAGE]  why it was lost, when that became unavoidable, what would have saved "
      "it\n"
      "  replay CAPSULE     run again exactly, and compare; diff RUN RUN: where two runs part\n"
      "  scenario list      what there is to run; show NAME, lint FILE\n"
      "  demo, version\n\n"
      "  " +
      fate + " help [COMMAND]                   every option\n");
  return kExitMet;
}

int ScenarioListCommand(const Options& options) {
  const Style style = MakeStyle(options.color, options.ascii, 1);
  std::vector<JsonField> rows;
  for (const std::string& folder : schema::ShippedFolders()) {
    if (options.format == Format::kHuman) Print(style.Paint(Tone::kBold, folder) + "\n");
    for (const schema::EmbeddedFile* file : schema::ShippedCollection(folder)) {
      const schema::LoadResult loaded = schema::LoadScenario(file->text, file->path);
      if (!loaded.scenario) {
        std::fputs(schema::Describe(loaded.errors).c_str(), stderr);
        return kExitInternal;
      }
      const auto& scenario = loaded.scenario->scenario;
      if (options.format == Format::kJson) {
        rows.push_back({scenario.name(), folder, scenario.claim(), scenario.why()});
        continue;
      }
      Print("  " + PadRight(scenario.name(), 34) + " " + PadRight(scenario.claim(), 8) +
            scenario.why() + "\n");
    }
  }
  if (options.format == Format::kJson) Print(ScenarioListJson(rows));
  return kExitMet;
}

int ScenarioShowCommand(const Options& options) {
  const std::string& name = options.targets.front();
  if (const schema::EmbeddedFile* file = schema::FindShipped(name)) {
    Print(std::string(file->text));
    return kExitMet;
  }
  schema::LoadedScenario loaded;
  const Failure failure = LoadNamed(name, loaded);
  if (failure.exit_code != 0) {
    std::fputs(failure.text.c_str(), stderr);
    return failure.exit_code;
  }
  std::ifstream stream(loaded.file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  Print(text.str());
  return kExitMet;
}

// All mistakes of all files, Kafka's settings included.
int ScenarioLintCommand(const Options& options) {
  const schema::Tables tables = schema::LoadTables();
  int code = kExitMet;
  for (const std::string& name : options.targets) {
    schema::LoadedScenario loaded;
    Failure failure = LoadNamed(name, loaded);
    std::vector<Prepared> prepared;
    if (failure.exit_code == 0) failure = Prepare(tables, loaded, {}, prepared);
    for (int i = 0; failure.exit_code == 0 && i < loaded.scenario.variant_size(); ++i) {
      failure = Prepare(tables, schema::ExpandVariant(loaded, i), {}, prepared);
    }
    if (failure.exit_code != 0) {
      std::fputs(failure.text.c_str(), stderr);
      code = failure.exit_code;
    } else if (!options.quiet) {
      Print(name + ": no mistakes\n");
    }
  }
  return code;
}

}  // namespace fate
