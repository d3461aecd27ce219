// tools/report/sentences.h
//
// What happened, in words: composed from what a finding knows, never looked up.
#ifndef TOOLS_REPORT_SENTENCES_H_
#define TOOLS_REPORT_SENTENCES_H_

#include <string>

#include "model/kafka/setup.h"
#include "model/ledger/verdict.h"
#include "model/vocabulary/records.h"

namespace fate {

// One or two sentences.
std::string SentenceOf(const kafka::Setup& setup, const kafka::Tables& tables,
                       const ledger::Finding& finding);

// "as acks=1 permits", "outside of what Kafka promises", "which breaks Kafka's promise".
std::string BlameOf(const ledger::Finding& finding);

// What a reader may do: "--set producer:acks=all --set topic:min.insync.replicas=2".
std::string CureText(const kafka::Setup& setup, const ledger::Finding& finding);

}  // namespace fate

#endif  // TOOLS_REPORT_SENTENCES_H_
