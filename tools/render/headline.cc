#include "tools/render/headline.h"

#include <algorithm>
#include <array>
#include <vector>

#include "tools/render/sentences.h"
#include "tools/render/style.h"

namespace render {
namespace {

using answers::PropertyOutcome;
using answers::RunResult;

PropertyOutcome OutcomeOf(const RunResult& result, answers::Property property) {
  for (const PropertyOutcome& outcome : result.properties()) {
    if (outcome.property() == property) return outcome;
  }
  return {};
}

// "2 PROMISE_BROKEN, 10 AS_CONFIGURED": how many messages have which class, the worst first. "" if
// all have the same.
std::string SplitOf(const RunResult& result, answers::Property property) {
  std::array<uint64_t, answers::LossClass_ARRAYSIZE> counts{};
  for (const answers::Finding& finding : result.findings()) {
    if (finding.property() == property) counts[finding.class_()] += finding.count();
  }
  if (std::count(counts.begin(), counts.end(), 0u) + 1 >= answers::LossClass_ARRAYSIZE) return "";
  std::string text;
  for (int i = answers::LossClass_ARRAYSIZE - 1; i > answers::CLASS_UNSPECIFIED; --i) {
    if (counts[i] == 0) continue;
    text += text.empty() ? "" : ", ";
    text += Grouped(counts[i]) + " " + answers::LossClass_Name(static_cast<answers::LossClass>(i));
  }
  return text;
}

// "LOST 3 of 1 000 acknowledged messages, as acks=1 permits": the worst class speaks, and where
// there are several, it is said how many messages have which.
std::string LossHeadline(const RunResult& result, const PropertyOutcome& loss, const char* words) {
  std::string text =
      "LOST " + Grouped(loss.broken()) + " of " + Grouped(loss.judged()) + " " + words;
  std::vector<std::string> blames;  // of the worst class, each once
  for (const answers::Finding& finding : result.findings()) {
    if (finding.property() != loss.property() || finding.class_() != loss.class_()) continue;
    const std::string blame = BlameOf(finding);
    const bool is_new = std::find(blames.begin(), blames.end(), blame) == blames.end();
    if (is_new && !blame.empty()) blames.push_back(blame);
  }
  for (size_t i = 0; i < blames.size(); ++i) text += (i == 0 ? ", " : ", and ") + blames[i];
  const std::string split = SplitOf(result, loss.property());
  return split.empty() ? text : text + " (" + split + ")";
}

// What is asked about, in the order in which the first line speaks of it.
std::vector<answers::Property> Counted(const RunResult& result) {
  std::vector<answers::Property> counted;
  for (const answers::Met& each : result.expectations()) counted.push_back(each.property());
  for (const answers::Undeclared& each : result.undeclared()) counted.push_back(each.property());
  return counted;
}

// "" where that property has no first line of its own.
std::string BrokenHeadline(const PropertyOutcome& outcome) {
  if (outcome.status() != answers::BROKEN) return "";
  const std::string count = Grouped(outcome.broken());
  switch (outcome.property()) {
    case answers::NO_DUPLICATE:
      return "DOUBLED " + count + " messages stand twice in the log";
    case answers::ORDER_PER_KEY:
      return "REORDERED " + count + " messages stand behind a later one of their key";
    case answers::FLUSHED_BEFORE_COPIED:
      return "COPIED BEFORE FLUSHED " + count + " of " + Grouped(outcome.judged()) +
             " messages reached a follower before the leader's medium";
    default:
      return "";
  }
}

}  // namespace

std::string Headline(const RunResult& result) {
  const PropertyOutcome acked = OutcomeOf(result, answers::NO_ACKED_LOSS);
  const PropertyOutcome silent = OutcomeOf(result, answers::NO_SILENT_LOSS);
  if (acked.status() == answers::BROKEN) {
    return LossHeadline(result, acked, "acknowledged messages");
  }
  if (silent.status() == answers::BROKEN) {
    return LossHeadline(result, silent, "messages, and nobody was told");
  }
  for (const answers::Property property : Counted(result)) {
    const std::string broken = BrokenHeadline(OutcomeOf(result, property));
    if (!broken.empty()) return broken;
  }
  for (const answers::Met& met : result.expectations()) {
    if (met.observed() != answers::INCONCLUSIVE) continue;
    return "INCONCLUSIVE " + answers::Property_Name(met.property()) + ": " + DoubtText(met.doubt());
  }
  return "HELD all " + Grouped(acked.judged()) + " acknowledged messages are in the log";
}

}  // namespace render
