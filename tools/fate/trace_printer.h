// tools/fate/trace_printer.h
//
// Traces as they happen.
#ifndef TOOLS_FATE_TRACE_PRINTER_H_
#define TOOLS_FATE_TRACE_PRINTER_H_

#include <cstdio>
#include <string>

#include "model/kafka/run.h"
#include "tools/fate/options.h"
#include "tools/render/trace.h"

namespace fate {

// A note as a line of a trace, without its line end: time, machine, kind, text. No blanks at the
// end.
std::string TraceLine(const kafka::Setup& setup, const kafka::Tables& tables, sim::SimTime time,
                      const sim::Note& note, render::TraceDetail detail);

// Prints each note that `level` asks for. `stream` outlives it.
class TracePrinter : public kafka::RunWatcher {
 public:
  TracePrinter(TraceLevel level, std::FILE* stream) : level_(level), stream_(stream) {}

  void OnEvent(const sim::NoteHeader& header, std::span<const sim::Note> notes,
               const kafka::World& world) override;

 private:
  TraceLevel level_;
  std::FILE* stream_;
};

}  // namespace fate

#endif  // TOOLS_FATE_TRACE_PRINTER_H_
