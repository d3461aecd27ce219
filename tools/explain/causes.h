// tools/explain/causes.h
//
// Which settings and faults caused the end of a message: each is removed and the run repeated.
//
// A fault is a cause if the message lives without it, the others firing where they fired; if no
// single one saves it, the smallest set whose joint absence does. A setting is a cause if the
// promise's cure saves the message; if it does not, the new run's own cure is added, until it lives
// (then every setting that is not needed goes again).
// Complexity:  a run for each fault and setting tried; at most kRunsAtMost.
#ifndef TOOLS_EXPLAIN_CAUSES_H_
#define TOOLS_EXPLAIN_CAUSES_H_

#include "scenarios/schema/explanation.pb.h"
#include "tools/explain/case.h"
#include "tools/explain/story.h"

namespace fate {

// Fills `causes` and `remarks`: looked again, played no part, not confirmed.
void FindCauses(const Case& base, const Story& story, kafka::Runner& runner,
                schema::proto::Explanation& out);

}  // namespace fate

#endif  // TOOLS_EXPLAIN_CAUSES_H_
