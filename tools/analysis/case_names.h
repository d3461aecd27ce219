// tools/analysis/case_names.h
//
// What the explained run's causes refer to: its faults as the scenario declares them, the values in
// force, and its clients.
#ifndef TOOLS_ANALYSIS_CASE_NAMES_H_
#define TOOLS_ANALYSIS_CASE_NAMES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tools/analysis/case.h"
#include "tools/analysis/story.h"
#include "tools/answers/change.pb.h"

namespace analysis {

// One fault of the scenario; a rolling restart is several in the plan.
struct NamedFault {
  std::vector<uint16_t> planned;  // numbers in the plan
  answers::DeclaredFault answer;
  bool fired = false;
  int rank = -1;  // place in the story's chain, 0 the decisive one; -1: not in it
};

// What is known of the explained run beyond its outcome.
struct CaseNames {
  std::string producer;  // who sent the message, as the scenario calls it
  std::string consumer;  // who was to read it: the first such; "": nobody
  std::string topic;
  kafka::PartitionId partition;  // none: it never had one
  std::vector<NamedFault> faults;
};
// Replays the case.
CaseNames NamesOf(const Case& base, const Story& story, kafka::Runner& runner);

// The value of a setting that is in force for the message.
kafka_config::EffectiveSetting InForce(const Case& base, const CaseNames& names,
                                       kafka_config::Scope scope, const std::string& setting);
answers::SettingValue ValueInForce(const Case& base, const CaseNames& names,
                                   kafka_config::Scope scope, const std::string& setting);

// Requires: the faults of a change are faults of `names`.
answers::Change AnswerOf(const Change& change, const CaseNames& names);
answers::ChangeList AnswerOf(const ChangeSet& changes, const CaseNames& names);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_CASE_NAMES_H_
