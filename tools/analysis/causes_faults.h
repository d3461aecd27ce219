// tools/analysis/causes_faults.h
//
// The faults among the causes: each is left out, the others fire where they fired.
#ifndef TOOLS_ANALYSIS_CAUSES_FAULTS_H_
#define TOOLS_ANALYSIS_CAUSES_FAULTS_H_

#include "tools/analysis/case_names.h"
#include "tools/analysis/case_rescue.h"
#include "tools/analysis/stop_token.h"
#include "tools/answers/explanation.pb.h"

namespace analysis {

// Adds to `causes` and `remark_details`. `group` is the last one in use.
void FindFaultCauses(const Case& base, const Story& story, const CaseNames& names,
                     const StopToken& stop, Neighbours& neighbours, kafka::Runner& runner,
                     uint32_t group, answers::Explanation& out);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_CAUSES_FAULTS_H_
