#include "tools/analysis/what_if_verdict.h"

#include "tools/answers/wilson.h"

namespace analysis {
namespace {

using Line = answers::WhatIf::Line;

// The message met the end that it met in the explained run.
bool EndsAsBefore(const Story& story, const Rescue& rescue) {
  if (rescue.ending.kind() != answers::Ending::MET) return false;
  return rescue.fate == story.fate || (IsLoss(rescue.fate) && IsLoss(story.fate));
}

}  // namespace

bool Discordant::helps() const { return answers::Wilson(saved, saved + newly_bad).low > 0.5; }

Discordant Compare(std::span<const Sample> changed, std::span<const Sample> unchanged) {
  Discordant pairs;
  for (size_t i = 0; i < changed.size(); ++i) {
    pairs.saved += unchanged[i].bad && !changed[i].bad ? 1 : 0;
    pairs.newly_bad += changed[i].bad && !unchanged[i].bad ? 1 : 0;
  }
  return pairs;
}

Line::Verdict VerdictOnThisRun(const Story& story, const Candidate& candidate,
                               const Rescue& rescue) {
  if (rescue.message && !rescue.everybody) {
    return candidate.is_of_fault() ? Line::LUCK_OTHERS_FALL : Line::OTHERS_FALL;
  }
  if (!EndsAsBefore(story, rescue)) return Line::VERDICT_UNSPECIFIED;
  const bool other_way =
      rescue.still && story.has_finding && rescue.still->mechanism != story.finding.mechanism;
  return other_way ? Line::ANOTHER_WAY : Line::NO_EFFECT;
}

Line::Verdict VerdictOnFault(const Candidate& candidate, const Rescue& rescue, uint32_t losing) {
  const bool loses = losing > 0;
  if (std::holds_alternative<OrderlyInstead>(candidate.changes.front())) {
    return loses ? Line::ORDERLY_LOSES_TOO : Line::NOBODY_CHOOSES_A_KILL;
  }
  return loses || rescue.still ? Line::LUCK_OTHERS_FALL : Line::NOBODY_CHOOSES_WHEN;
}

Line::Verdict VerdictOnSetting(const Rescue& rescue, const Discordant& pairs) {
  if (!pairs.are_of_a_cure()) return Line::LUCK_ON_THIS_RUN;
  if (!pairs.decides()) return Line::TOO_RARE_ELSEWHERE;
  const bool well = IsLoss(rescue.fate) || rescue.fate == kafka::ledger::Fate::kOk;
  return well ? Line::VERDICT_UNSPECIFIED : Line::ANOTHER_FATE;
}

}  // namespace analysis
