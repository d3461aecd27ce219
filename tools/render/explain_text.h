// tools/render/explain_text.h
//
// Rows and whys of an explanation in Kafka's words, made of what model/explain found and of nothing
// else.
#ifndef TOOLS_RENDER_EXPLAIN_TEXT_H_
#define TOOLS_RENDER_EXPLAIN_TEXT_H_

#include <string>

#include "model/kafka/explain/chain.h"
#include "model/kafka/explain/inquiry.h"
#include "model/kafka/explain/whys.h"

namespace render {

// "broker-1", "producer/shop", "controller", "FAULT".
std::string WhereText(const kafka::explain::Inquiry& its, const kafka::explain::Row& row);
// "appends m#29 at [29, 30) as leader of epoch 0 (page cache); HW is 0".
std::string WhatText(const kafka::explain::Inquiry& its, const kafka::explain::Row& row);
// "promise made"; several with a comma.
std::string MarkText(const kafka::explain::Row& row);

std::string QuestionText(const kafka::explain::Inquiry& its, const kafka::explain::Why& why);
std::string AnswerText(const kafka::explain::Inquiry& its, const kafka::explain::Why& why);

// "the kill of broker-1 (leader)", "the cut between broker-1 and broker-2, controller".
std::string FaultText(const kafka::explain::Inquiry& its, uint16_t plan_index);
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

}  // namespace render

#endif  // TOOLS_RENDER_EXPLAIN_TEXT_H_
