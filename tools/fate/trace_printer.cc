#include "tools/fate/trace_printer.h"

#include "tools/render/trace.h"

namespace fate {

std::string TraceLine(const kafka::Setup& setup, const kafka::Tables& tables, sim::SimTime time,
                      const sim::Note& note, render::TraceDetail detail) {
  std::string line =
      render::FormatTime(time) + "  " + render::Describe(setup, tables, note, detail);
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

void TracePrinter::OnEvent(const sim::NoteHeader& header, std::span<const sim::Note> notes,
                           const kafka::World& world) {
  if (level_ == TraceLevel::kNone) return;
  const auto detail =
      level_ == TraceLevel::kFull ? render::TraceDetail::kAllFields : render::TraceDetail::kWords;
  for (const sim::Note& note : notes) {
    if (level_ == TraceLevel::kMessages && !render::IsAboutMessages(note)) continue;
    const std::string line =
        TraceLine(*world.config, world.tables, header.time, note, detail) + "\n";
    std::fwrite(line.data(), 1, line.size(), stream_);
  }
}

}  // namespace fate
