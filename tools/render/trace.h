// tools/render/trace.h
//
// Notes as readable text, one line each: what golden traces and teachers use. A trace is the notes
// of a run; this is the one part of tools/render that reads the model's instead of an answer.
//
//   0.000 300 000  producer/shop  sent                m#0 to orders-0
//   0.005 700 000  broker-1       appended            orders-0 [0, 1) m#0 as leader, epoch 0
#ifndef TOOLS_RENDER_TRACE_H_
#define TOOLS_RENDER_TRACE_H_

#include <string>

#include "model/kafka/notes.h"
#include "model/kafka/setup.h"
#include "model/kafka/vocabulary/records.h"
#include "sim/notes/note.h"
#include "sim/time.h"
#include "tools/answers/names.h"

namespace render {

// Names are those of the answers.
using answers::NameOfHost;
using answers::NameOfMachine;
using answers::NameOfMessage;
using answers::NameOfPartition;

// "0.998 611 000" and "0.998": virtual seconds.
std::string FormatTime(sim::SimTime time);
std::string FormatMilliseconds(sim::SimTime time);

// True for what happens to messages: what --trace messages shows.
bool IsAboutMessages(const sim::Note& note);

// kWords: what happened, in words. kAllFields: every field of the note, the rest of them by name.
enum class TraceDetail : uint8_t { kWords, kAllFields };

// Without its time. Ids that the tables do not hold (a recorded note of another run) print as
// numbers.
std::string Describe(const kafka::Setup& setup, const kafka::Tables& tables, const sim::Note& note,
                     TraceDetail detail = TraceDetail::kWords);

// "acks=all".
std::string AcksText(kafka::Acks acks);
// "broker-1 and broker-3", or "nobody".
std::string BrokersText(const kafka::Setup& setup, kafka::BrokerSet set);
// "no committed offset, and auto.offset.reset=none (NoOffsetForPartitionException)".
std::string ConsumerEndText(kafka::ConsumerEnd why);

}  // namespace render

#endif  // TOOLS_RENDER_TRACE_H_
