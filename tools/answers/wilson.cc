#include "tools/answers/wilson.h"

#include <cmath>

namespace answers {

WilsonInterval Wilson(uint64_t k, uint64_t n) {
  if (n == 0) return {};
  constexpr double kZ = 1.959963984540054;  // 97.5 % quantile of the normal distribution
  const double count = static_cast<double>(n);
  const double share = static_cast<double>(k) / count;
  const double z2 = kZ * kZ;
  const double centre = share + z2 / (2 * count);
  const double spread = kZ * std::sqrt(share * (1 - share) / count + z2 / (4 * count * count));
  const double scale = 1 + z2 / count;
  WilsonInterval interval{(centre - spread) / scale, (centre + spread) / scale};
  // At the ends the formula gives 0 and 1 up to rounding; say so exactly.
  if (k == 0) interval.low = 0;
  if (k == n) interval.high = 1;
  return interval;
}

}  // namespace answers
