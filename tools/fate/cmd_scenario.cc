// fate scenario list | show | lint, fate version, and fate alone.
#include <cstdio>
#include <fstream>
#include <sstream>

#include "scenarios/loader/shipped.h"
#include "tools/analysis/prepare.h"
#include "tools/fate/commands.h"
#include "tools/render/json.h"

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
      "  rule ID            the rule of Kafka that an id stands for, as KB:R-30\n"
      "  demo, version\n\n"
      "  " +
      fate + " help [COMMAND]                   every option\n");
  return kExitMet;
}

int ScenarioListCommand(const Options& options) {
  const render::Style style = render::MakeStyle(options.color, options.ascii, 1);
  std::vector<render::JsonField> rows;
  for (const std::string& folder : loader::ShippedFolders()) {
    if (options.format == Format::kHuman) Print(style.Paint(render::Tone::kBold, folder) + "\n");
    for (const embedded::EmbeddedFile* file : loader::ShippedCollection(folder)) {
      const loader::LoadResult loaded = loader::LoadScenario(file->text, file->path);
      if (!loaded.scenario) {
        std::fputs(kafka_config::Describe(loaded.errors).c_str(), stderr);
        return kExitInternal;
      }
      const auto& scenario = loaded.scenario->scenario;
      if (options.format == Format::kJson) {
        rows.push_back({scenario.name(), folder, scenario.claim(), scenario.why()});
        continue;
      }
      Print("  " + render::PadRight(scenario.name(), 34) + " " +
            render::PadRight(scenario.claim(), 8) + scenario.why() + "\n");
    }
  }
  if (options.format == Format::kJson) Print(render::ScenarioListJson(rows));
  return kExitMet;
}

int ScenarioShowCommand(const Options& options) {
  const std::string& name = options.targets.front();
  if (const embedded::EmbeddedFile* file = loader::FindShipped(name)) {
    Print(std::string(file->text));
    return kExitMet;
  }
  loader::LoadedScenario loaded;
  const analysis::Failure failure = analysis::LoadNamed(name, loaded);
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
  const kafka_config::Tables tables = kafka_config::LoadTables();
  int code = kExitMet;
  for (const std::string& name : options.targets) {
    loader::LoadedScenario loaded;
    analysis::Failure failure = analysis::LoadNamed(name, loaded);
    std::vector<analysis::Prepared> prepared;
    if (failure.exit_code == 0) failure = analysis::Prepare(tables, loaded, {}, prepared);
    for (int i = 0; failure.exit_code == 0 && i < loaded.scenario.variant_size(); ++i) {
      failure = analysis::Prepare(tables, loader::ExpandVariant(loaded, i), {}, prepared);
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
