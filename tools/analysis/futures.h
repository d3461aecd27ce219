// tools/analysis/futures.h
//
// The moment of no return: from each decisive point of the recorded run, many futures, drawn anew.
//
// From a fork on, every choice has the future's number in its key, and a fault that is still to
// come is a hazard: same kind and target role, at a time uniform from the fork to the last answer
// of the recorded run (or to when it struck there, if that was later). What was on its way at the
// fork stays on its way; a fault that has fired keeps its end, one that follows another its delay.
// A future is lost if the message meets its recorded fate there; a loss is a loss whether the
// application was told "stored" or nothing, and none if it was told of an error (survival.h).
//
// Invariants:  the result is the same whatever `jobs`; once the token is stopped, whole points are
// kept. Complexity:  a future costs what was left of the run; 400 from each of four points of a run
// of
//              1,000 messages took 0.9 s on one core.
// Leaves out:  latencies and timers that had been drawn by the fork: they are not drawn again.
#ifndef TOOLS_ANALYSIS_FUTURES_H_
#define TOOLS_ANALYSIS_FUTURES_H_

#include <cstdint>

#include "tools/analysis/case.h"
#include "tools/analysis/stop_token.h"
#include "tools/analysis/story.h"
#include "tools/answers/explanation.pb.h"

namespace analysis {

struct FuturesRequest {
  uint32_t futures = 400;
  uint32_t jobs = 1;
  StopToken stop;
};

void DrawFutures(const Case& base, const Story& story, const FuturesRequest& request,
                 answers::Futures& out);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_FUTURES_H_
