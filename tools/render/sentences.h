// tools/render/sentences.h
//
// What happened, in words: composed from what a finding knows, never looked up.
#ifndef TOOLS_RENDER_SENTENCES_H_
#define TOOLS_RENDER_SENTENCES_H_

#include <google/protobuf/repeated_field.h>

#include <string>

#include "tools/answers/result.pb.h"

namespace render {

// One or two sentences: how messages were lost, or why they stand twice.
std::string SentenceOf(const answers::Finding& finding);

// "the program of consumer/billing ended (at 0.101 s): ...": for whoever wonders why messages are
// PENDING.
std::string EndedText(const answers::EndedProgram& ended);

// "I4_log_match at 0.101 s, orders-0, broker-1, offset 7".
std::string BrokenInvariantText(const answers::BrokenInvariant& broken);

// "interceptor.classes is not modelled: ...".
std::string DoubtText(const answers::Doubt& doubt);
// The same where there is little room: without what only one of many runs says.
std::string ShortDoubtText(const answers::Doubt& doubt);

// "as acks=1 permits", "outside of what Kafka promises", "which breaks Kafka's promise".
std::string BlameOf(const answers::Finding& finding);

// What a reader may do: "--set producer:acks=all --set topic:min.insync.replicas=2".
std::string CureText(const google::protobuf::RepeatedPtrField<std::string>& lines);

}  // namespace render

#endif  // TOOLS_RENDER_SENTENCES_H_
