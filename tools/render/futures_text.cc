#include "tools/render/futures_text.h"

#include <algorithm>
#include <cstdio>

#include "tools/answers/wilson.h"
#include "tools/render/explanation_words.h"
#include "tools/render/interval.h"
#include "tools/render/lists.h"
#include "tools/render/words.h"

namespace render {
namespace {

using answers::Futures;
using Point = answers::Futures::Point;
using Survival = answers::Futures::Survival;
using Points = google::protobuf::RepeatedPtrField<Point>;

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
int GreatestStep(const Points& points) {
  int step = 0;
  double most = 0;
  for (int i = 1; i < points.size(); ++i) {
    const double rise = points[i].low() - points[i - 1].high();
    if (rise > most) most = rise, step = i;
  }
  return step;
}

std::string AboutStep(const Point& before, const Point& after, const std::string& verb) {
  std::string what = "What decided lies between " + before.name() + " and " + after.name();
  if (after.faults() > before.faults()) {
    what = "The fault decided";
  } else if (after.elections() > before.elections()) {
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

std::string AnchorText(const Futures::Anchor& anchor) {
  switch (anchor.kind()) {
    case Futures::Anchor::SENDING:
      return "sending";
    case Futures::Anchor::APPEND:
      return "append";
    case Futures::Anchor::SECOND_APPEND:
      return "second append";
    case Futures::Anchor::ACK:
      return "ack";
    case Futures::Anchor::ERROR:
      return "error";
    case Futures::Anchor::FAULT:
      return FaultWord(anchor.fault());
    default:
      return "election";
  }
}

std::string ReasonText(const Survival& survival) {
  switch (survival.reason()) {
    case Survival::NOT_SENT:
      return "the program never came to send it";
    case Survival::REPORTED:
      return "the application was told of an error";
    case Survival::SENT_AGAIN:
      return "the producer sent it again";
    case Survival::NEXT_HAD_IT:
      return "the next leader had a copy by then";
    case Survival::BACK_IN_TIME:
      return "its leader was back before anybody else took over";
    case Survival::NEVER_REPLACED:
      return "nobody took over from its leader";
    default:
      return "its fate was " + answers::Fate_Name(survival.fate());
  }
}

// The acknowledgement came between these two points, and neither a fault nor an election with it.
bool IsAckAlone(const Point& before, const Point& after) {
  return after.told() && !before.told() && after.faults() == before.faults() &&
         after.elections() == before.elections();
}

// The shares rest on how long a fault may wait.
std::string WindowSentence(uint64_t until_ns) {
  char text[160];
  std::snprintf(text, sizeof(text),
                "Faults that were still to come strike anywhere between the point and %.3f s, when "
                "the recorded run was through.",
                static_cast<double>(until_ns) / 1e9);
  return text;
}

}  // namespace

std::string PointName(const Point& point) {
  std::string name;
  for (const Futures::Anchor& anchor : point.after()) {
    name += (name.empty() ? "after " : " and ") + AnchorText(anchor);
  }
  return name;
}

std::string SurvivalRemark(const Point& point, bool is_loss) {
  if (point.survivals().empty()) return "";
  const uint32_t survived = point.n() - point.lost();
  const Survival& most = point.survivals(0);
  const std::string times = most.count() == survived ? ""
                                                     : std::to_string(most.count()) + " of " +
                                                           std::to_string(survived) + " times: ";
  return (is_loss ? "survives: " : "ends otherwise: ") + times + ReasonText(most);
}

std::vector<std::string> FuturesSentences(const Futures& futures, bool is_loss) {
  const Points& points = futures.points();
  std::vector<std::string> sentences;
  if (points.empty()) return sentences;
  const std::string verb = is_loss ? "lose it" : "end the same";
  for (int i = 1; is_loss && i < points.size(); ++i) {
    if (IsAckAlone(points[i - 1], points[i])) {
      sentences.push_back(AboutAck(points[i - 1], points[i]));
    }
  }
  const int step = GreatestStep(points);
  const bool by_ack = step != 0 && points[step].told() && !points[step - 1].told();
  if (step != 0 && !(by_ack && !sentences.empty())) {
    sentences.push_back(AboutStep(points[step - 1], points[step], verb));
  }
  const auto settled = std::find_if(points.begin(), points.end(),
                                    [](const Point& point) { return point.low() > kSettled; });
  if (settled != points.end()) {
    sentences.push_back(AboutSettled(*settled, verb));
  } else {
    sentences.push_back("At none of these points was it unavoidable.");
  }
  if (futures.faults_until_ns() != 0) {
    sentences.push_back(WindowSentence(futures.faults_until_ns()));
  }
  return sentences;
}

void FillFuturesWords(answers::Explanation& explanation) {
  if (!explanation.has_futures()) return;
  const bool is_loss = IsLost(explanation);
  Futures& futures = *explanation.mutable_futures();
  for (Point& point : *futures.mutable_points()) {
    point.set_name(PointName(point));
    point.set_remark(SurvivalRemark(point, is_loss));
  }
  futures.clear_sentences();
  for (const std::string& sentence : FuturesSentences(futures, is_loss)) {
    futures.add_sentences(sentence);
  }
}

}  // namespace render
