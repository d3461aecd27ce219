// tools/explain/futures.h
//
// The moment of no return: from each decisive point of the recorded run, many futures, drawn anew.
//
// From a fork on, every choice has the future's number in its key, and a fault that is still to
// come is a hazard: same kind and target role, at a time uniform from the fork to the last answer
// of the recorded run. What was on its way at the fork stays on its way; a fault that has fired
// keeps its end. Invariants:  the result is the same whatever `jobs`. Once Interrupted(), what is
// whole is kept.
#ifndef TOOLS_EXPLAIN_FUTURES_H_
#define TOOLS_EXPLAIN_FUTURES_H_

#include <cstdint>

#include "scenarios/schema/explanation.pb.h"
#include "tools/explain/case.h"
#include "tools/explain/story.h"

namespace fate {

struct FuturesRequest {
  uint32_t futures = 400;
  uint32_t jobs = 1;
};

// Fills `points` and the sentences under the table.
void DrawFutures(const Case& base, const Story& story, const FuturesRequest& request,
                 schema::proto::Futures& out);

}  // namespace fate

#endif  // TOOLS_EXPLAIN_FUTURES_H_
