#include "sim/check.h"

#include <cstdio>
#include <cstdlib>

namespace sim {

void CheckFailed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: check failed: %s\n", file, line, expression);
  std::abort();
}

}  // namespace sim
