// tools/render/trace_printer.h
//
// Traces as they happen.
#ifndef TOOLS_RENDER_TRACE_PRINTER_H_
#define TOOLS_RENDER_TRACE_PRINTER_H_

#include <cstdio>
#include <span>
#include <string>

#include "model/kafka/run.h"
#include "tools/render/trace.h"

namespace render {

enum class TraceLevel { kNone, kMessages, kFull };

// Prints each note that `level` asks for, on a line of its own. `stream` outlives it.
class TracePrinter : public kafka::RunWatcher {
 public:
  TracePrinter(TraceLevel level, std::FILE* stream) : level_(level), stream_(stream) {}

  void OnEvent(const sim::NoteHeader& header, std::span<const sim::Note> notes,
               const kafka::World& world) override;

 private:
  TraceLevel level_;
  std::FILE* stream_;
};

}  // namespace render

#endif  // TOOLS_RENDER_TRACE_PRINTER_H_
