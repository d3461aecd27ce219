#include "tools/fate/exit_codes.h"

#include <algorithm>
#include <array>

namespace fate {

int ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return kExitMet;
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kNotFound:
      return kExitUsage;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kDataLoss:
      return kExitInvalid;
    case absl::StatusCode::kUnavailable:
      return kExitIo;
    case absl::StatusCode::kAborted:
      return kExitDiverged;
    case absl::StatusCode::kCancelled:
      return kExitInterrupted;
    default:
      return kExitInternal;
  }
}

int ExitCodeOf(analysis::Met met) {
  switch (met) {
    case analysis::Met::kYes:
      return kExitMet;
    case analysis::Met::kNo:
      return kExitNotMet;
    case analysis::Met::kInconclusive:
      return kExitInconclusive;
  }
  return kExitInternal;
}

int ExitCodeOf(const std::vector<analysis::SeedOutcome>& outcomes) {
  const bool internal_error =
      std::any_of(outcomes.begin(), outcomes.end(),
                  [](const auto& outcome) { return outcome.done && outcome.internal_error; });
  return internal_error ? kExitInternal : ExitCodeOf(analysis::WorstMet(outcomes));
}

int WorseExitCode(int a, int b) {
  constexpr std::array<int, 11> kOrder = {
      kExitInternal, kExitTerminated, kExitInterrupted, kExitHangup,       kExitIo, kExitInvalid,
      kExitUsage,    kExitDiverged,   kExitNotMet,      kExitInconclusive, kExitMet};
  for (const int code : kOrder) {
    if (a == code || b == code) return code;
  }
  return std::max(a, b);
}

}  // namespace fate
