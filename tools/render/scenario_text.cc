#include "tools/render/scenario_text.h"

namespace render {

std::string ScenarioListText(const answers::ScenarioList& list, const Style& style) {
  std::string text;
  std::string folder;
  for (const auto& entry : list.scenarios()) {
    if (entry.folder() != folder) text += style.Paint(Tone::kBold, entry.folder()) + "\n";
    folder = entry.folder();
    text +=
        "  " + PadRight(entry.name(), 34) + " " + PadRight(entry.claim(), 8) + entry.why() + "\n";
  }
  return text;
}

std::string ShortHelpText(const std::string& program) {
  return "Fate simulates Kafka, breaks it on purpose, and says what became of every message.\n\n"
         "  " +
         program +
         " demo                             a message that was acknowledged, and died\n"
         "  " +
         program +
         " run b8_leader_dies_before_fetch  one scenario: the verdict and why\n"
         "  " +
         program +
         " run disasters --config producer=FILE --config broker=FILE\n"
         "                                        your own settings through six disasters\n\n"
         "  run SCENARIO       simulate; --seeds A..B, --variants, --set, --config, --trace\n"
         "  explain [MESSAGE]  why it was lost, when that became unavoidable, what would have "
         "saved "
         "it\n"
         "  replay CAPSULE     run again exactly, and compare; diff RUN RUN: where two runs part\n"
         "  scenario list      what there is to run; show NAME, lint FILE\n"
         "  rule ID            the rule of Kafka that an id stands for, as KB:R-30\n"
         "  demo, version\n\n"
         "  " +
         program + " help [COMMAND]                   every option\n";
}

}  // namespace render
