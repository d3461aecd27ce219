#include "bench/explain/score.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "scenarios/kafka_config/text.h"
#include "tools/render/interval.h"
#include "tools/render/style.h"

namespace bench {
namespace {

using render::PadLeft;
using render::PadRight;

constexpr size_t kCaseWidth = 40;
constexpr size_t kShapeWidth = 6;
constexpr size_t kMechanismWidth = 29;
constexpr size_t kSettingsWidth = 38;
constexpr size_t kFaultsWidth = 28;

std::string Decimal(double value, int decimals) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string Listed(const Names& names) {
  return names.empty() ? "nothing" : kafka_config::Join(names, ",");
}

// "right", or what was named instead.
std::string Cell(const Judged& judged) { return judged.right() ? "right" : Listed(judged.named); }

std::string Line(const Names& cells) {
  return PadRight(cells[0], kCaseWidth) + "  " + PadRight(cells[1], kShapeWidth) + "  " +
         PadRight(cells[2], kMechanismWidth) + "  " + PadRight(cells[3], kSettingsWidth) + "  " +
         PadRight(cells[4], kFaultsWidth) + "  " + PadLeft(cells[5], 4) + "  " +
         PadLeft(cells[6], 6) + "  " + PadLeft(cells[7], 7) + "\n";
}

void AddBeside(const char* what, const Judged& judged, std::string& out) {
  if (!judged.missing.empty())
    out += kafka_config::Cat("    missing ", what, ": ", Listed(judged.missing), "\n");
  if (!judged.extra.empty())
    out += kafka_config::Cat("    beside it ", what, ": ", Listed(judged.extra), "\n");
}

std::string TableLine(const Scored& scored) {
  const std::string name = scored.key.scenario + " " + std::to_string(scored.key.seed);
  if (!scored.comparison) {
    return Line({name, scored.key.shape, "-", "-", "-", "-", "-", Decimal(scored.seconds, 2)}) +
           "    " + scored.error + "\n";
  }
  const Comparison& its = *scored.comparison;
  std::string out = Line({name, scored.key.shape, Cell(its.mechanism), Cell(its.settings),
                          Cell(its.faults), std::to_string(its.chain_rows),
                          std::to_string(its.confirmed) + "/" + std::to_string(its.causes),
                          Decimal(scored.seconds, 2)});
  AddBeside("mechanism", its.mechanism, out);
  AddBeside("setting", its.settings, out);
  AddBeside("fault", its.faults, out);
  return out;
}

template <class Holds>
std::string Share(const std::string& what, const std::vector<Scored>& scored, const Holds& holds,
                  double goal) {
  const auto k =
      static_cast<uint64_t>(std::count_if(scored.begin(), scored.end(), [&](const Scored& one) {
        return one.comparison && holds(*one.comparison);
      }));
  const uint64_t n = scored.size();
  const double share = n == 0 ? 0 : static_cast<double>(k) / static_cast<double>(n);
  std::string line = PadRight(what, 46) +
                     PadLeft(std::to_string(k) + " of " + std::to_string(n), 10) +
                     PadLeft(Decimal(100 * share, 1) + " %", 9) + "  (" +
                     render::FormatInterval(answers::Wilson(k, n)) + ")";
  if (goal > 0) {
    line += "  goal " + Decimal(100 * goal, 0) + " %  " + (share >= goal ? "reached" : "MISSED");
  }
  return line + "\n";
}

std::vector<Scored> OfShape(const std::vector<Scored>& scored, const std::string& shape) {
  std::vector<Scored> found;
  std::copy_if(scored.begin(), scored.end(), std::back_inserter(found),
               [&](const Scored& one) { return one.key.shape == shape; });
  return found;
}

std::string Seconds(const std::vector<Scored>& scored) {
  std::vector<double> seconds;
  for (const Scored& one : scored) {
    if (one.comparison) seconds.push_back(one.seconds);
  }
  std::sort(seconds.begin(), seconds.end());
  if (seconds.empty()) return "";
  const size_t middle = seconds.size() / 2;
  const double median =
      seconds.size() % 2 == 1 ? seconds[middle] : (seconds[middle - 1] + seconds[middle]) / 2;
  return PadRight("median seconds", 46) + PadLeft(Decimal(median, 2), 10) + "           slowest " +
         Decimal(seconds.back(), 2) + "  goal " + Decimal(kSecondsGoal, 0) + "  " +
         (median < kSecondsGoal ? "reached" : "MISSED") + "\n";
}

}  // namespace

std::string FormatTable(const std::vector<Scored>& scored) {
  std::string out =
      Line({"case and seed", "shape", "mechanism", "settings", "faults", "rows", "causes", "s"});
  for (const Scored& one : scored) out += TableLine(one);
  return out;
}

std::string FormatTotals(const std::vector<Scored>& scored) {
  std::string out = Share(
      "all three right, nothing else named", scored,
      [](const Comparison& its) { return its.right(); }, kRightGoal);
  for (const char* shape : {"one", "two", "decoy"}) {
    out += Share(
        kafka_config::Cat("  of shape ", shape), OfShape(scored, shape),
        [](const Comparison& its) { return its.right(); }, 0);
  }
  const auto add = [&](const char* what, auto holds, double goal) {
    out += Share(what, scored, holds, goal);
  };
  add(
      "mechanism right", [](const Comparison& its) { return its.mechanism.right(); }, 0);
  add(
      "settings right", [](const Comparison& its) { return its.settings.right(); }, 0);
  add(
      "faults right", [](const Comparison& its) { return its.faults.right(); }, 0);
  add(
      "chain of at most ten rows",
      [](const Comparison& its) { return its.chain_rows > 0 && its.chain_rows <= kChainRowsMax; },
      1);
  add(
      "every cause confirmed",
      [](const Comparison& its) { return its.causes > 0 && its.confirmed == its.causes; }, 1);
  return out + Seconds(scored);
}

}  // namespace bench
