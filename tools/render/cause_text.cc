#include "tools/render/cause_text.h"

#include <vector>

#include "tools/render/change_text.h"
#include "tools/render/lists.h"
#include "tools/render/sentences.h"

namespace render {
namespace {

using answers::Cause;
using answers::Remark;

std::string SettingOrFaultName(const Cause& cause) {
  switch (cause.what_case()) {
    case Cause::kSetting:
      return SettingName(cause.setting());
    case Cause::kElrOff:
      return "cluster:elr=false";
    case Cause::kNoCallback:
      return "program:callback=false";
    case Cause::kCommitsBefore:
      return "program:commit=BEFORE";
    case Cause::kBug:
      return PlantedBugName(cause.bug());
    case Cause::kFault:
      return cause.fault().name();
    case Cause::WHAT_NOT_SET:
      break;
  }
  return "";
}

std::string TextOf(const Cause& cause) {
  switch (cause.what_case()) {
    case Cause::kSetting:
      return SettingText(cause.setting());
    case Cause::kElrOff:
      return "eligible leader replicas are off";
    case Cause::kNoCallback:
      return "the program does not look at the outcome of send()";
    case Cause::kCommitsBefore:
      return "the consumer commits before it processes";
    case Cause::kBug:
      return PlantedBugText(cause.bug());
    case Cause::kFault:
      return FaultText(cause.fault());
    case Cause::WHAT_NOT_SET:
      break;
  }
  return "";
}

// What a remark is about, each as its cause would be named.
std::string Removed(const answers::Change& change) {
  return change.has_fault_left_out() ? FaultText(change.fault_left_out())
                                     : PlantedBugText(change.bug_removed());
}

std::string WithSentence(const std::string& text, const Remark& remark) {
  return remark.has_still() ? text + ": " + SentenceOf(remark.still()) : text;
}

class RemarkWriter {
 public:
  RemarkWriter(const Remark& remark, answers::Fate before) : remark_(remark), before_(before) {}

  std::string Write() const {
    switch (remark_.kind()) {
      case Remark::NOT_ENOUGH:
        return NotEnough();
      case Remark::BUG_NOT_ALONE:
        return WithSentence("without " + First() + " alone it is " + End() + " all the same",
                            remark_);
      case Remark::NO_PART:
        return First() + " played no part: without it the message " +
               (remark_.same_way() ? "is " + FateWord(before_) + " the same way" : "is " + End());
      case Remark::REFUSED:
        return Changes() + " do not go together; not run";
      case Remark::LUCK_ALONE:
        return "with " + Changes() +
               " alone this run is saved by luck: " + std::to_string(remark_.bad()) + " of " +
               std::to_string(remark_.of()) + " other runs that lose go on losing";
      default:
        return OfFaults();
    }
  }

 private:
  std::string OfFaults() const {
    switch (remark_.kind()) {
      case Remark::LUCK_WITHOUT:
        return First() +
               " is no cause: without it this run is saved by luck, and most others go on losing";
      case Remark::OTHERS_FALL:
        return First() + " is no cause: without it this message is saved, but " + End() +
               " in the same way";
      case Remark::ANOTHER_WAY:
        return First() + " is not needed: without it the message is " + End() + " in another way";
      case Remark::NO_FAULT_NEEDED:
        return "no fault is needed: without any of them the message is " + End();
      case Remark::ONLY_TOGETHER:
        return "looked again: without " + First() + " alone the message is " + End() +
               " all the same; it lives only without " + Faults();
      default:
        return "";
    }
  }

  std::string NotEnough() const {
    const auto kind = remark_.ending().kind();
    const bool saved = kind == answers::Ending::OTHERS_INSTEAD || kind == answers::Ending::SAVED;
    return WithSentence("with " + Changes() +
                            (saved ? " this message is saved, but " : " the message is still ") +
                            End(),
                        remark_);
  }

  std::string First() const { return Removed(remark_.changes().changes(0)); }
  std::string Changes() const { return ListedChanges(remark_.changes()); }
  std::string End() const { return EndingText(remark_.ending(), before_); }
  std::string Faults() const {
    std::vector<std::string> texts;
    for (const auto& change : remark_.changes().changes()) texts.push_back(Removed(change));
    return Joined(texts);
  }

  const Remark& remark_;
  answers::Fate before_;
};

}  // namespace

void FillCauseWords(answers::Explanation& explanation) {
  for (Cause& cause : *explanation.mutable_causes()) {
    cause.set_name(SettingOrFaultName(cause));
    cause.set_text(TextOf(cause));
    cause.set_removal(ChangeText(cause.change()));
    cause.set_outcome(EndingText(cause.ending(), explanation.subject().fate()));
  }
}

void FillRemarks(answers::Explanation& explanation) {
  explanation.clear_remarks();
  for (const Remark& remark : explanation.remark_details()) {
    explanation.add_remarks(RemarkWriter(remark, explanation.subject().fate()).Write());
  }
}

}  // namespace render
