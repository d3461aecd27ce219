// tools/report/explain_text.h
//
// Rows and whys of an explanation in Kafka's words, made of what model/explain found and of nothing
// else.
#ifndef TOOLS_REPORT_EXPLAIN_TEXT_H_
#define TOOLS_REPORT_EXPLAIN_TEXT_H_

#include <string>

#include "model/explain/chain.h"
#include "model/explain/inquiry.h"
#include "model/explain/whys.h"

namespace fate {

// "broker-1", "producer/shop", "controller", "FAULT".
std::string WhereText(const explain::Inquiry& its, const explain::Row& row);
// "appends m#29 at [29, 30) as leader of epoch 0 (page cache); HW is 0".
std::string WhatText(const explain::Inquiry& its, const explain::Row& row);
// "promise made"; several with a comma.
std::string MarkText(const explain::Row& row);

std::string QuestionText(const explain::Inquiry& its, const explain::Why& why);
std::string AnswerText(const explain::Inquiry& its, const explain::Why& why);

// "the kill of broker-1 (leader)", "the cut between broker-1 and broker-2, controller".
std::string FaultText(const explain::Inquiry& its, uint16_t plan_index);
// "the kill", "the cut": where a sentence has no room.
std::string FaultWord(sim::FaultKind kind);
// "a follower ignores the diverging epoch": what the planted bug does.
std::string MutantText(kafka::Mutant mutant);

// "broker-1 and broker-3".
std::string BrokersText(const kafka::Setup& setup, kafka::BrokerSet set);
// "{1,2,3}".
std::string IsrText(kafka::BrokerSet set);
// "0.297 s".
std::string ShortTime(sim::SimTime time);

}  // namespace fate

#endif  // TOOLS_REPORT_EXPLAIN_TEXT_H_
