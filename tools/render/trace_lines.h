// tools/render/trace_lines.h
//
// What a trace says of one note, behind its speaker and its kind: one line a kind, made of the
// typed note. A kind without a line does not compile.
#ifndef TOOLS_RENDER_TRACE_LINES_H_
#define TOOLS_RENDER_TRACE_LINES_H_

#include <string>

#include "model/kafka/notes.h"
#include "model/kafka/setup.h"
#include "model/kafka/vocabulary/records.h"

namespace render {

// Ids that the tables do not hold (a recorded note of another run) print as numbers.
struct TraceNames {
  const kafka::Setup& setup;
  const kafka::Tables& tables;
};

// "note 99" for a kind that is in no list.
std::string TraceLine(const TraceNames& names, const sim::Note& note);
// Those of the engine and of the system, for the former.
std::string EngineLine(const TraceNames& names, const sim::Note& note);
std::string KafkaLine(const TraceNames& names, const sim::Note& note);

// " | has_callback=yes idempotent=no": the fields that the line does not have in words; "" without
// any.
std::string UnsaidFields(const sim::Note& note);

// "broker-1", "none".
std::string TraceName(kafka::BrokerId broker);
std::string TraceRange(int64_t from, int64_t to);

}  // namespace render

#endif  // TOOLS_RENDER_TRACE_LINES_H_
