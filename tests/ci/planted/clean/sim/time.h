// sim/time.h
//
// A planted header.
#pragma once

namespace sim {

// Points in time are compared, never added (KB:X-4, KC:P-26..P-37,
// P-40 and FC:I5_Candidate). UTF-8, -O2, KC:P-40, 3 times; a step: KB:S-42.3.
struct SimTime {
  long ns;  // KB:X-4: since the run began
};

}  // namespace sim
