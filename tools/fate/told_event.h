// tools/fate/told_event.h
//
// Where two recordings part, handed from who finds it to who says it.
#ifndef TOOLS_FATE_TOLD_EVENT_H_
#define TOOLS_FATE_TOLD_EVENT_H_

#include <optional>

#include "tools/analysis/recording.h"
#include "tools/render/divergence.h"

namespace fate {

inline render::ToldEvent ToldOf(const analysis::RecordedEvent& event) {
  return {.number = event.number, .time = event.time, .notes = event.notes};
}

// `tables` are those of the run that was made now.
inline render::DivergenceText DescribeDivergence(const kafka::Setup& setup,
                                                 const kafka::Tables& tables,
                                                 const analysis::Divergence& divergence) {
  std::optional<render::ToldEvent> recorded;
  std::optional<render::ToldEvent> now;
  if (divergence.recorded) recorded = ToldOf(*divergence.recorded);
  if (divergence.now) now = ToldOf(*divergence.now);
  return render::DescribeDivergence(setup, tables, recorded ? &*recorded : nullptr,
                                    now ? &*now : nullptr);
}

}  // namespace fate

#endif  // TOOLS_FATE_TOLD_EVENT_H_
