#include "tools/render/trace_printer.h"

namespace render {

void TracePrinter::OnEvent(const sim::NoteHeader& header, std::span<const sim::Note> notes,
                           const kafka::World& world) {
  if (level_ == TraceLevel::kNone) return;
  const auto detail = level_ == TraceLevel::kFull ? TraceDetail::kAllFields : TraceDetail::kWords;
  for (const sim::Note& note : notes) {
    if (level_ == TraceLevel::kMessages && !IsAboutMessages(note)) continue;
    std::string line =
        FormatTime(header.time) + "  " + Describe(*world.config, world.tables, note, detail);
    while (!line.empty() && line.back() == ' ') line.pop_back();
    line += '\n';
    std::fwrite(line.data(), 1, line.size(), stream_);
  }
}

}  // namespace render
