// fate scenario list | show | lint, fate version, and fate alone.
#include <cstdio>
#include <fstream>
#include <sstream>

#include "scenarios/loader/shipped.h"
#include "tools/analysis/engine_version.h"
#include "tools/analysis/prepare.h"
#include "tools/answers/result.pb.h"
#include "tools/fate/commands.h"
#include "tools/fate/session.h"
#include "tools/render/json.h"

namespace fate {
namespace {

// A scenario and each of its variants.
absl::Status PrepareAll(const kafka_config::Tables& tables, const std::string& name) {
  const auto loaded = analysis::LoadNamed(name);
  if (!loaded.ok()) return loaded.status();
  const auto prepared = analysis::Prepare(tables, *loaded, {}, kafka::kNoStateWatcher);
  if (!prepared.ok()) return prepared.status();
  for (int i = 0; i < loaded->scenario.variant_size(); ++i) {
    const auto variant =
        analysis::Prepare(tables, loader::ExpandVariant(*loaded, i), {}, kafka::kNoStateWatcher);
    if (!variant.ok()) return variant.status();
  }
  return absl::OkStatus();
}

}  // namespace

int VersionCommand(const Options&) {
  PrintAnswer(std::string("fate ") + analysis::EngineVersion() +
              "\nprofile kafka-4.3 (rules and defaults of Apache Kafka 4.3.1), client java\n");
  return kExitMet;
}

int ShortCommand(const Options& options) {
  const std::string& fate = options.program;
  PrintAnswer(
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
  answers::ScenarioList list;
  for (const std::string& folder : loader::ShippedFolders()) {
    if (options.format == Format::kHuman)
      PrintAnswer(style.Paint(render::Tone::kBold, folder) + "\n", PaintOf(style));
    for (const embedded::EmbeddedFile* file : loader::ShippedCollection(folder)) {
      const loader::LoadResult loaded = loader::LoadScenario(file->text, file->path);
      if (!loaded.scenario) {
        PrintError(kafka_config::Describe(loaded.errors));
        return kExitInternal;
      }
      const auto& scenario = loaded.scenario->scenario;
      if (options.format == Format::kJson) {
        auto* entry = list.add_scenarios();
        entry->set_name(scenario.name());
        entry->set_folder(folder);
        entry->set_claim(scenario.claim());
        entry->set_why(scenario.why());
        continue;
      }
      PrintAnswer("  " + render::PadRight(scenario.name(), 34) + " " +
                  render::PadRight(scenario.claim(), 8) + scenario.why() + "\n");
    }
  }
  if (options.format == Format::kJson) PrintAnswer(render::ToJson(list));
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
    if (const absl::Status prepared = PrepareAll(tables, name); !prepared.ok()) {
      code = Fail(prepared);
    } else if (!options.quiet) {
      PrintAnswer(name + ": no mistakes\n");
    }
  }
  return code;
}

}  // namespace fate
