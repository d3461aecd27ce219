// tools/analysis/causes.h
//
// Which settings and faults caused the end of a message: each is removed and the run repeated.
//
// A fault is a cause if the message lives without it, the others firing where they fired; if no
// single one saves it, the smallest set whose joint absence does. A fault that is not in the
// message's chain and whose absence only moves the loss to other messages is luck, and no cause.
// A setting is a cause if the promise's cure saves the message and nobody falls in its place; if it
// does not, the new run's own cure is added, until it does (then every setting that is not needed
// goes again). Where the promise names no cure, because nothing was promised, the candidates of
// what_if.h are tried, and the first that saves everybody is named.
// Complexity:  a run for each fault and setting tried.
#ifndef TOOLS_ANALYSIS_CAUSES_H_
#define TOOLS_ANALYSIS_CAUSES_H_

#include "tools/analysis/case.h"
#include "tools/analysis/stop_token.h"
#include "tools/analysis/story.h"
#include "tools/answers/explanation.pb.h"

namespace analysis {

// Fills `causes` and `remark_details`: looked again, played no part, not confirmed. A stopped token
// ends the search; what was found until then stays.
void FindCauses(const Case& base, const Story& story, const StopToken& stop, kafka::Runner& runner,
                answers::Explanation& out);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_CAUSES_H_
