// sim/check.h
//
// SIM_CHECK: a condition that no fault and no switch of a model can make false. Always on, fatal.
//
// What a bug of the modelled system could violate is an invariant, never a check: a planted bug
// must reach a verdict, not an abort.
#ifndef SIM_CHECK_H_
#define SIM_CHECK_H_

namespace sim {

// Prints `file:line: check failed: expression` to stderr and aborts.
[[noreturn]] void CheckFailed(const char* expression, const char* file, int line);

}  // namespace sim

#define SIM_CHECK(condition)                              \
  do {                                                    \
    if (!(condition)) [[unlikely]]                        \
      ::sim::CheckFailed(#condition, __FILE__, __LINE__); \
  } while (false)

#endif  // SIM_CHECK_H_
