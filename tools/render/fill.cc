#include "tools/render/fill.h"

#include <string>

#include "tools/render/headline.h"
#include "tools/render/human_parts.h"
#include "tools/render/sentences.h"

namespace render {
namespace {

const char* TriggerText(answers::FiredFault::Trigger trigger) {
  switch (trigger) {
    case answers::FiredFault::PROTOCOL_POINT:
      return "protocol point";
    case answers::FiredFault::TIME:
      return "time";
    case answers::FiredFault::FALLBACK:
      return "fallback";
    default:
      return "";
  }
}

void FillFault(answers::FiredFault& fault) {
  std::string target;
  for (const std::string& machine : fault.machines()) {
    target += (target.empty() ? "" : ", ") + machine;
  }
  fault.set_target(target);
  fault.set_how(TriggerText(fault.trigger()));
}

void FillFinding(answers::Finding& finding) {
  finding.set_sentence(SentenceOf(finding));
  finding.set_cure(CureText(finding.cure_lines()));
}

void FillRemedy(answers::Remedy& remedy) {
  remedy.set_text(CureText(remedy.changes()));
  if (!remedy.has_still_finding()) return;
  FillFinding(*remedy.mutable_still_finding());
  remedy.set_still(remedy.still_finding().sentence());
}

template <typename Result>
void FillAssumed(Result& result) {
  result.clear_assumed();
  for (const answers::Assumption& assumed : result.assumptions()) {
    result.add_assumed(AssumptionText(assumed));
  }
}

std::string PredictionText(const answers::VariantsResult::Prediction& prediction) {
  std::string text = "as it predicts in " + std::to_string(prediction.as_predicted()) + " of " +
                     std::to_string(prediction.conclusive()) + " conclusive runs";
  for (const std::string& variant : prediction.contradicted_by()) {
    text += "; otherwise with \"" + variant + "\", which its wording covers";
  }
  return text;
}

}  // namespace

void FillSentences(answers::RunResult& result) {
  FillAssumed(result);
  for (auto& finding : *result.mutable_findings()) FillFinding(finding);
  for (auto& met : *result.mutable_expectations()) met.set_reason(DoubtText(met.doubt()));
  for (auto& fault : *result.mutable_faults()) FillFault(fault);
  if (result.has_remedy()) FillRemedy(*result.mutable_remedy());
  result.clear_violations();
  for (const auto& broken : result.broken_invariants()) {
    result.add_violations(BrokenInvariantText(broken));
  }
  result.clear_ended();
  for (const auto& ended : result.ended_programs()) result.add_ended(EndedText(ended));
  result.set_headline(Headline(result));
}

void FillSentences(answers::BatchResult& result) {
  FillAssumed(result);
  for (auto& tally : *result.mutable_tallies()) tally.set_reason(DoubtText(tally.doubt()));
  if (result.has_remedy()) FillRemedy(*result.mutable_remedy());
}

void FillSentences(answers::VariantsResult& result) {
  for (auto& run : *result.mutable_runs()) FillSentences(run);
  if (result.has_prediction()) result.set_claim_reason(PredictionText(result.prediction()));
}

void FillSentences(answers::CollectionResult& result) {
  result.clear_cures();
  for (auto& run : *result.mutable_runs()) {
    FillSentences(run);
    result.add_cures(RemedyText(run.remedy()));
  }
}

}  // namespace render
