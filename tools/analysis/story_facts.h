// tools/analysis/story_facts.h
//
// What an explanation's sentences are made of, and what an operator would have seen of the run.
#ifndef TOOLS_ANALYSIS_STORY_FACTS_H_
#define TOOLS_ANALYSIS_STORY_FACTS_H_

#include <vector>

#include "model/kafka/explain/chain.h"
#include "model/kafka/explain/inquiry.h"
#include "tools/answers/explanation.pb.h"

namespace analysis {

answers::StoryFacts FactsOf(const kafka::explain::Inquiry& inquiry,
                            const kafka::explain::Chain& chain);

// Each once, in order of time; none of a message that fared well.
std::vector<answers::Sign> SignsOf(const kafka::explain::Inquiry& inquiry);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_STORY_FACTS_H_
