// tools/analysis/wilson.h
//
// Wilson's score interval for k of n at 95 %: no bare percentage is printed anywhere.
#ifndef TOOLS_ANALYSIS_WILSON_H_
#define TOOLS_ANALYSIS_WILSON_H_

#include <cstdint>
#include <string>

namespace analysis {

struct WilsonInterval {
  double low = 0;
  double high = 1;
};

// Required: k <= n. n == 0 gives [0, 1].
WilsonInterval Wilson(uint64_t k, uint64_t n);

// "97.9-99.3 %"; one decimal below 10 and above 90 per cent, none between.
std::string FormatInterval(const WilsonInterval& interval);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_WILSON_H_
