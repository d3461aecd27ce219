// tools/fate/describe_divergence.h
//
// Where two recordings part, handed from who finds it to who says it.
#ifndef TOOLS_FATE_DESCRIBE_DIVERGENCE_H_
#define TOOLS_FATE_DESCRIBE_DIVERGENCE_H_

#include <optional>

#include "tools/analysis/recording.h"
#include "tools/render/divergence.h"

namespace fate {

inline render::EventNotes NotesOf(const analysis::RecordedEvent& event) {
  return {.number = event.number, .time = event.time, .notes = event.notes};
}

// `tables` are those of the run that was made now.
inline render::DivergenceText DescribeDivergence(const kafka::Setup& setup,
                                                 const kafka::Tables& tables,
                                                 const analysis::Divergence& divergence) {
  std::optional<render::EventNotes> recorded;
  std::optional<render::EventNotes> now;
  if (divergence.recorded) recorded = NotesOf(*divergence.recorded);
  if (divergence.now) now = NotesOf(*divergence.now);
  return render::DescribeDivergence(setup, tables, recorded ? &*recorded : nullptr,
                                    now ? &*now : nullptr);
}

}  // namespace fate

#endif  // TOOLS_FATE_DESCRIBE_DIVERGENCE_H_
