// tools/analysis/chain_answer.h
//
// Rows and whys as facts of an answer. The model's kinds are visited: a new one does not compile
// until it has its message.
#ifndef TOOLS_ANALYSIS_CHAIN_ANSWER_H_
#define TOOLS_ANALYSIS_CHAIN_ANSWER_H_

#include <vector>

#include "model/kafka/explain/chain.h"
#include "model/kafka/explain/inquiry.h"
#include "model/kafka/explain/whys.h"
#include "tools/answers/explanation.pb.h"

namespace analysis {

// Everything but the words, which render::FillChainWords makes of `details`. `columns`: the brokers
// of the copies, in their order.
answers::ChainRow AnswerOf(const kafka::explain::Inquiry& its, const kafka::explain::Row& row,
                           const std::vector<kafka::BrokerId>& columns);
answers::Why AnswerOf(const kafka::explain::Inquiry& its, const kafka::explain::Why& why);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_CHAIN_ANSWER_H_
