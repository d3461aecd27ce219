// tools/analysis/causes_text.h
//
// What the explained run's causes are called: its faults as the scenario declares them, and the
// values in force.
#ifndef TOOLS_ANALYSIS_CAUSES_TEXT_H_
#define TOOLS_ANALYSIS_CAUSES_TEXT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tools/analysis/case.h"
#include "tools/analysis/story.h"

namespace analysis {

// One fault of the scenario; a rolling restart is several in the plan.
struct DeclaredFault {
  std::vector<uint16_t> planned;  // numbers in the plan
  std::string name;               // the scenario's, else its number
  std::string text;               // "the kill of broker-1, leader of orders-0"
  sim::FaultKind kind{};
  bool fired = false;
  int rank = -1;  // place in the story's chain, 0 the decisive one; -1: not in it
};

// What is known of the explained run beyond its outcome.
struct CaseNames {
  std::string producer;  // who sent the message, as the scenario calls it
  std::string consumer;  // who was to read it: the first such; "": nobody
  std::string topic;
  kafka::PartitionId partition;  // none: it never had one
  std::vector<DeclaredFault> faults;
};
// Replays the case.
CaseNames NamesOf(const Case& base, const Story& story, kafka::Runner& runner);

// "producer:acks=1", "topic:flush.messages=unset": the effective value for this message.
std::string ValueInForce(const Case& base, const CaseNames& names, const std::string& scope,
                         const std::string& setting);

// "a, b and c".
std::string Listed(const std::vector<std::string>& things);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_CAUSES_TEXT_H_
