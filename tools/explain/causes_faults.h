// tools/explain/causes_faults.h
//
// The faults among the causes: each is left out, the others fire where they fired.
#ifndef TOOLS_EXPLAIN_CAUSES_FAULTS_H_
#define TOOLS_EXPLAIN_CAUSES_FAULTS_H_

#include "scenarios/schema/explanation.pb.h"
#include "tools/explain/case_rescue.h"
#include "tools/explain/causes_text.h"

namespace fate {

// Adds to `causes` and `remarks`. `group` is the last one in use.
void FindFaultCauses(const Case& base, const Story& story, const CaseNames& names,
                     Neighbours& neighbours, kafka::Runner& runner, uint32_t group,
                     schema::proto::Explanation& out);

}  // namespace fate

#endif  // TOOLS_EXPLAIN_CAUSES_FAULTS_H_
