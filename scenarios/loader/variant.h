// scenarios/loader/variant.h
//
// A scenario with one field changed, and what differs between two scenarios.
#ifndef SCENARIOS_LOADER_VARIANT_H_
#define SCENARIOS_LOADER_VARIANT_H_

#include <string>
#include <vector>

#include "scenarios/loader/check.h"
#include "scenarios/loader/scenario.pb.h"

namespace loader {

// The paths of the fields that differ. Two members of one choice (kill, power_loss) are one field,
// and so is a list whose length changed.
std::vector<std::string> DifferingFields(const google::protobuf::Message& a,
                                         const google::protobuf::Message& b);

struct Patched {
  proto::Scenario scenario;
  std::vector<std::string> unmatched;  // names in the patch that the scenario does not have
};

// `patch` laid over `base`: lists of things with a name (or key, or id) by it, faults without a
// name by position, other lists as a whole.
Patched PatchedWith(const proto::Scenario& base, const proto::Scenario& patch);

proto::Scenario WithoutVariants(const proto::Scenario& written);

// `written` as the variant has it: its own variants gone, the variant's expectations in place.
proto::Scenario AsVariant(const proto::Scenario& written, const proto::Variant& variant);

// Whether every variant changes exactly one field, and comes out as a valid scenario.
void CheckVariants(const proto::Scenario& written, const Positions& positions,
                   std::string_view file, CheckMode mode, Findings& out);

}  // namespace loader

#endif  // SCENARIOS_LOADER_VARIANT_H_
