// tools/render/futures_text.h
//
// What the figures of many futures mean, in words: composed from the intervals and from what had
// happened at each point, never from a point's name.
#ifndef TOOLS_RENDER_FUTURES_TEXT_H_
#define TOOLS_RENDER_FUTURES_TEXT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tools/analysis/survival.h"
#include "tools/answers/explanation.pb.h"

namespace render {

// What had happened at a fork.
struct ForkFacts {
  bool told = false;       // the application: "stored"
  uint32_t faults = 0;     // that had fired
  uint32_t elections = 0;  // that wrote a leader of the message's partition
  friend bool operator==(const ForkFacts&, const ForkFacts&) = default;
};

// Futures in which the message met another end, most frequent first.
struct SurvivalCount {
  std::string reason;
  uint32_t count = 0;
};
std::vector<SurvivalCount> CountSurvivals(const std::vector<analysis::FutureEnd>& ends,
                                          kafka::ledger::Fate recorded);

// "survives in 9.0 % (6.6-12 %), 30 of 36 times because its leader was back ..."; "" if none does.
std::string SurvivalRemark(const answers::Futures::Point& point,
                           const std::vector<SurvivalCount>& survivals, bool is_loss);

// At most four sentences. `facts` as `points`; `is_loss`: of the recorded fate.
std::vector<std::string> FuturesSentences(const std::vector<answers::Futures::Point>& points,
                                          const std::vector<ForkFacts>& facts, bool is_loss);

}  // namespace render

#endif  // TOOLS_RENDER_FUTURES_TEXT_H_
