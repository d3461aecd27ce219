// tools/analysis/run_directory.h
//
// Where runs leave what they found: fate-out/<utc>-<name>-<seed>/ with result.json and run.fate,
// and the link fate-out/latest.
//
// Invariants:  (1) whoever follows `latest` finds a whole directory: the link moves last, and in
//              one step;  (2) a place that cannot be written is an error if -o names it, else a warning;
//              (3) the wall clock is read here and nowhere else;  (4) a directory holds one run or one
//              batch, the last that was written to it: what an earlier one left is removed if it is
//              ours beyond doubt, and nothing else ever is.
// Example:     fate-out/20260101T120000Z-b8_leader_dies_before_fetch-42/
#ifndef TOOLS_ANALYSIS_RUN_DIRECTORY_H_
#define TOOLS_ANALYSIS_RUN_DIRECTORY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tools/answers/capsule.pb.h"
#include "tools/answers/result.pb.h"

namespace analysis {

constexpr char kCapsuleName[] = "run.fate";
constexpr char kResultName[] = "result.json";
constexpr char kBatchName[] = "batch.json";

struct WrittenRun {
  std::string directory;  // as a user would type it; "" if nothing was written
  std::string warning;    // a sentence for stderr, "" if all is written
  bool failed = false;    // nothing was written at the place that -o names
};

// A run that is kept of a batch, and its directory below the batch's.
struct KeptRun {
  std::string place;  // "seed-7", "acks_all/seed-7"
  std::string json;   // its result.json
  answers::Capsule capsule;
};

// One run: its JSON and capsule in `out` itself if given, else in a new directory under fate-out/.
WrittenRun WriteRun(const std::string& out, const std::string& json,
                    const answers::Capsule& capsule);

// A batch: batch.json (`json`, a whole file) and a directory for each run that is kept.
WrittenRun WriteBatch(const std::string& out, const std::string& name, const std::string& json,
                      const std::vector<KeptRun>& kept);
// "seed-7", and below `folder` if there is one.
std::string KeptPlace(const std::string& folder, uint64_t seed);

// "b8 / leader" -> "b8_leader": letters, digits, '.', '_' and '-', at most 80 of them, no leading
// dot; "run" if nothing is left.
std::string DirectoryPart(std::string_view name);

// "20260101T120000Z", of seconds since 1970.
std::string UtcStamp(int64_t seconds);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_RUN_DIRECTORY_H_
