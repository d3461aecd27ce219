#include "tools/render/diff_text.h"

#include "tools/answers/comparison.pb.h"

namespace render {
namespace {

using answers::DiffResult;

std::string SideLine(const DiffResult::Run& run, const char* label) {
  return std::string(label) + "  " + run.name() + "  (" + run.scenario() + ", seed " +
         std::to_string(run.seed()) + ", " + Grouped(run.events()) + " events, digest " +
         run.digest().substr(0, 8) + ")\n       " + run.headline() + "\n";
}

std::string FateText(answers::Fate fate) {
  return fate == answers::FATE_UNSPECIFIED ? "(not sent)" : answers::Fate_Name(fate);
}

std::string FatesText(const DiffResult& diff) {
  std::string out;
  for (const auto& fates : diff.fates()) {
    out += PadLeft(Grouped(fates.count()), 9) + "  " + FateText(fates.left()) + " -> " +
           FateText(fates.right()) + "  ";
    for (const std::string& name : fates.messages()) out += " " + name;
    if (static_cast<int>(fates.count()) > fates.messages_size()) out += " ...";
    out += "\n";
  }
  return out.empty() ? "  every message met the same fate\n" : out;
}

}  // namespace

std::string RenderDiff(const DiffResult& diff, const Style& style) {
  std::string out = SideLine(diff.runs(0), "left ") + SideLine(diff.runs(1), "right");
  const auto title = [&](const char* text) { return "\n" + style.Paint(Tone::kBold, text) + "\n"; };
  if (diff.identical()) out += "\nThe two runs are one: same events, same digest.\n";
  if (diff.settings_size() + diff.scenario_size() > 0) out += title("What was set differently");
  for (const auto& change : diff.settings()) {
    out += "  " + change.name() + ": " + change.left() + " -> " + change.right() + "\n";
  }
  for (const std::string& line : diff.scenario()) out += "  " + line + "\n";
  if (diff.has_first_difference()) {
    out += title("Where they part") + "  " + diff.first_difference().where() + "\n";
    for (const std::string& line : diff.first_difference().left())
      out += "    left   " + line + "\n";
    for (const std::string& line : diff.first_difference().right())
      out += "    right  " + line + "\n";
  }
  if (diff.identical()) return out;
  if (!diff.has_first_difference()) {
    out +=
        "\nEvery event comes at the same time and says the same; the runs differ inside of "
        "events.\n";
  }
  out += title("What became of the messages") + FatesText(diff);
  return out;
}

}  // namespace render
