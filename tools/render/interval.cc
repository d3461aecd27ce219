#include "tools/render/interval.h"

#include <cstdio>

namespace render {

std::string FormatInterval(const answers::WilsonInterval& interval) {
  const auto fine = [](double share) {
    return share > 0 && share < 1 && (share < 0.1 || share > 0.9);
  };
  const auto one = [&](double share, char* text, size_t size) {
    std::snprintf(text, size, fine(share) ? "%.1f" : "%.0f", 100 * share);
  };
  char low[16];
  char high[16];
  one(interval.low, low, sizeof(low));
  one(interval.high, high, sizeof(high));
  return std::string(low) + "-" + high + " %";
}

}  // namespace render
