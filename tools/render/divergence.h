// tools/render/divergence.h
//
// Where two runs that should be one part ways, in words.
#ifndef TOOLS_RENDER_DIVERGENCE_H_
#define TOOLS_RENDER_DIVERGENCE_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "model/kafka/setup.h"
#include "model/kafka/vocabulary/records.h"
#include "sim/notes/note.h"
#include "sim/time.h"

namespace render {

// One event of a run: what it said, and when.
struct EventNotes {
  uint64_t number = 0;
  sim::SimTime time;
  std::span<const sim::Note> notes;
};

// Both sides of a divergence. Each side: its notes as text, one a line; where an event said nothing
// or said the same on both sides, a sentence about the event instead.
struct DivergenceText {
  std::string headline;  // "event 7310 (t=3.204 118 000 s)"
  std::vector<std::string> recorded;
  std::vector<std::string> now;
};
// Null: that side had ended; not both. `tables` are those of the run that was made now.
DivergenceText DescribeDivergence(const kafka::Setup& setup, const kafka::Tables& tables,
                                  const EventNotes* recorded, const EventNotes* now);

// What each side holds under its own label, indented; without the headline.
std::string Render(const DivergenceText& text, const std::string& recorded_label,
                   const std::string& now_label);

}  // namespace render

#endif  // TOOLS_RENDER_DIVERGENCE_H_
