// tools/analysis/capsule.h
//
// *.fate files: a capsule, compressed, behind a header that tells a damaged file from a foreign
// one.
//
// Layout: 8 bytes magic, 8 bytes length of the rest, 8 bytes checksum of the rest (all
// little-endian), then a gzip stream of answers.Capsule.
#ifndef TOOLS_ANALYSIS_CAPSULE_H_
#define TOOLS_ANALYSIS_CAPSULE_H_

#include <absl/status/statusor.h>

#include <string>
#include <string_view>

#include "tools/answers/capsule.pb.h"
#include "tools/answers/result.pb.h"

namespace analysis {

std::string PackCapsule(const answers::Capsule& capsule);

// The first bytes are those of a capsule, whole or not.
bool HasCapsuleMagic(std::string_view bytes);

// Takes any bytes. An error says in a few words what is wrong with them.
absl::StatusOr<answers::Capsule> UnpackCapsule(std::string_view bytes);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_CAPSULE_H_
