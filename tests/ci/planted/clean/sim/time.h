// sim/time.h
//
// A planted header.
#pragma once

namespace sim {

// Points in time are compared, never added (KB:X-4, KC:P-26..P-37, P-40 and FC:I5). UTF-8, -O2.
struct SimTime {
  long ns;
};

}  // namespace sim
