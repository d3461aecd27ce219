// tools/render/sentences.h
//
// What happened, in words: composed from what a finding knows, never looked up.
#ifndef TOOLS_RENDER_SENTENCES_H_
#define TOOLS_RENDER_SENTENCES_H_

#include <string>
#include <vector>

#include "model/kafka/ledger/verdict.h"
#include "model/kafka/setup.h"
#include "model/kafka/vocabulary/records.h"

namespace render {

// One or two sentences.
std::string SentenceOf(const kafka::Setup& setup, const kafka::Tables& tables,
                       const kafka::ledger::Finding& finding);

// The same of messages that stand twice.
std::string SentenceOf(const kafka::Setup& setup, const kafka::Tables& tables,
                       const kafka::ledger::Doubling& doubling);

// "consumer/billing at 0.101 s: ...": for whoever wonders why messages are PENDING.
std::string EndedText(const kafka::Setup& setup, const kafka::ledger::EndedConsumer& ended);

// "as acks=1 permits", "outside of what Kafka promises", "which breaks Kafka's promise".
std::string BlameOf(const kafka::ledger::Finding& finding);

// What a finding's cure changes: lines as --set takes them, and some that are no setting.
constexpr char kElrChange[] = "cluster:elr=true";
constexpr char kCallbackChange[] = "program:callback=true";
constexpr char kCommitAfterChange[] = "program:commit=AFTER";  // of every consumer
std::vector<std::string> CureLines(const kafka::Setup& setup,
                                   const kafka::ledger::Finding& finding);

// What a reader may do: "--set producer:acks=all --set topic:min.insync.replicas=2".
std::string CureText(const std::vector<std::string>& lines);

}  // namespace render

#endif  // TOOLS_RENDER_SENTENCES_H_
