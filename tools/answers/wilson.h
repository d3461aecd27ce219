// tools/answers/wilson.h
//
// Wilson's score interval for k of n at 95 %: no answer holds a bare percentage.
#ifndef TOOLS_ANSWERS_WILSON_H_
#define TOOLS_ANSWERS_WILSON_H_

#include <cstdint>

namespace answers {

struct WilsonInterval {
  double low = 0;
  double high = 1;
};

// Required: k <= n. n == 0 gives [0, 1].
WilsonInterval Wilson(uint64_t k, uint64_t n);

}  // namespace answers

#endif  // TOOLS_ANSWERS_WILSON_H_
