// tools/analysis/stop_token.h
//
// Whether long work should end early, handed from the command to whoever runs many things.
//
// A stopped token stays stopped. Whoever sees it keeps what is finished and says what is not.
// Requires:  the flag outlives every copy of the token.
// Example:   if (stop.stopped()) return;
#ifndef TOOLS_ANALYSIS_STOP_TOKEN_H_
#define TOOLS_ANALYSIS_STOP_TOKEN_H_

#include <atomic>

namespace analysis {

class StopToken {
 public:
  // A token without a flag never stops.
  StopToken() = default;
  // The flag is the number of the signal that came, 0 until then.
  explicit StopToken(const std::atomic<int>& flag) : flag_(&flag) {}

  bool stopped() const { return flag_ != nullptr && flag_->load() != 0; }

 private:
  const std::atomic<int>* flag_ = nullptr;
};

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_STOP_TOKEN_H_
