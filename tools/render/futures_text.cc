#include "tools/render/futures_text.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "tools/render/interval.h"

namespace render {
namespace {

using Point = answers::Futures::Point;

// Above this low end of the interval the end counts as settled.
constexpr double kSettled = 0.95;

// "7.3 % (5.1-10 %)": no percentage without its interval; a digit more near the ends, so that 399
// of 400 is not all of them.
std::string Share(uint32_t count, uint32_t n) {
  const double percent = n == 0 ? 0 : 100.0 * count / n;
  const bool fine = (percent > 0 && percent < 10) || (percent > 90 && percent < 100);
  char share[16];
  std::snprintf(share, sizeof(share), fine ? "%.1f %%" : "%.0f %%", percent);
  return std::string(share) + " (" + FormatInterval(answers::Wilson(count, n)) + ")";
}
std::string Share(const Point& point) { return Share(point.lost(), point.n()); }

bool Overlap(const Point& a, const Point& b) { return a.low() <= b.high() && b.low() <= a.high(); }

// The acknowledgement, if nothing else happened between two points.
std::string AboutAck(const Point& before, const Point& after) {
  if (before.low() > kSettled) return "It was as good as lost before it was acknowledged.";
  if (Overlap(before, after)) return "The acknowledgement changed the promise, not the danger.";
  const char* way = before.high() < after.low() ? "rose" : "fell";
  return std::string("With the acknowledgement the danger ") + way + " from " + Share(before) +
         " to " + Share(after) + ".";
}

// The step between two points that raised the danger most, beyond what chance explains; 0: none.
size_t GreatestStep(const std::vector<Point>& points) {
  size_t step = 0;
  double most = 0;
  for (size_t i = 1; i < points.size(); ++i) {
    const double rise = points[i].low() - points[i - 1].high();
    if (rise > most) most = rise, step = i;
  }
  return step;
}

std::string AboutStep(const Point& before, const Point& after, const ForkFacts& was,
                      const ForkFacts& is, const std::string& verb) {
  std::string what = "What decided lies between " + before.name() + " and " + after.name();
  if (is.faults > was.faults) {
    what = "The fault decided";
  } else if (is.elections > was.elections) {
    what = "The election decided";
  }
  return what + ": " + Share(before) + " of the futures " + verb + " " + before.name() + ", " +
         Share(after) + " " + after.name() + ".";
}

std::string AboutSettled(const Point& point, const std::string& verb) {
  const std::string from = "From \"" + point.name() + "\" on ";
  if (point.lost() == point.n()) {
    return from + "nothing was open any more: all " + std::to_string(point.n()) + " futures " +
           verb + " (" + FormatInterval(answers::Wilson(point.lost(), point.n())) + ").";
  }
  return from + "it was as good as unavoidable: " + Share(point) + " of the futures " + verb + ".";
}

}  // namespace

std::vector<SurvivalCount> CountSurvivals(const std::vector<analysis::FutureEnd>& ends,
                                          kafka::ledger::Fate recorded) {
  std::array<uint32_t, analysis::kSurvivalCount> reasons{};
  std::array<uint32_t, kafka::ledger::kFateCount> fates{};
  for (const analysis::FutureEnd& end : ends) {
    if (end.survival == analysis::Survival::kNone) continue;
    if (end.survival == analysis::Survival::kOther || !IsLoss(recorded)) {
      ++fates[static_cast<uint32_t>(end.fate)];
    } else {
      ++reasons[static_cast<uint32_t>(end.survival)];
    }
  }
  std::vector<SurvivalCount> counts;
  for (uint32_t i = 0; i < analysis::kSurvivalCount; ++i) {
    if (reasons[i] != 0)
      counts.push_back({analysis::ReasonOf(static_cast<analysis::Survival>(i)), reasons[i]});
  }
  for (uint32_t i = 0; i < kafka::ledger::kFateCount; ++i) {
    const std::string name = kafka::ledger::NameOf(static_cast<kafka::ledger::Fate>(i));
    if (fates[i] != 0) counts.push_back({"its fate was " + name, fates[i]});
  }
  std::stable_sort(
      counts.begin(), counts.end(),
      [](const SurvivalCount& a, const SurvivalCount& b) { return a.count > b.count; });
  return counts;
}

std::string SurvivalRemark(const Point& point, const std::vector<SurvivalCount>& survivals,
                           bool is_loss) {
  if (survivals.empty()) return "";
  const uint32_t survived = point.n() - point.lost();
  const SurvivalCount& most = survivals.front();
  const std::string times = most.count == survived ? ""
                                                   : std::to_string(most.count) + " of " +
                                                         std::to_string(survived) + " times: ";
  return (is_loss ? "survives: " : "ends otherwise: ") + times + most.reason;
}

std::vector<std::string> FuturesSentences(const std::vector<Point>& points,
                                          const std::vector<ForkFacts>& facts, bool is_loss) {
  std::vector<std::string> sentences;
  if (points.empty()) return sentences;
  const std::string verb = is_loss ? "lose it" : "end the same";
  for (size_t i = 1; is_loss && i < points.size(); ++i) {
    if (!facts[i].told || facts[i - 1].told) continue;
    const bool alone =
        facts[i].faults == facts[i - 1].faults && facts[i].elections == facts[i - 1].elections;
    if (alone) sentences.push_back(AboutAck(points[i - 1], points[i]));
  }
  const size_t step = GreatestStep(points);
  const bool by_ack = step != 0 && facts[step].told && !facts[step - 1].told;
  if (step != 0 && !(by_ack && !sentences.empty())) {
    sentences.push_back(
        AboutStep(points[step - 1], points[step], facts[step - 1], facts[step], verb));
  }
  const auto settled = std::find_if(points.begin(), points.end(),
                                    [](const Point& point) { return point.low() > kSettled; });
  if (settled != points.end()) {
    sentences.push_back(AboutSettled(*settled, verb));
  } else {
    sentences.push_back("At none of these points was it unavoidable.");
  }
  return sentences;
}

}  // namespace render
