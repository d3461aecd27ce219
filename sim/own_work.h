// sim/own_work.h
//
// The bodies of events that only the engine handles.
#ifndef SIM_OWN_WORK_H_
#define SIM_OWN_WORK_H_

#include <cstdint>

#include "sim/event.h"
#include "sim/ids.h"

namespace sim {

struct OwnWork {
  uint32_t what = 0;
  uint32_t detail = 0;
};
// The detail of a kFaultEnds event: it is not the fault that ends, but the patience with its stop.
constexpr uint32_t kGraceEnds = 1;
// A flush under way; the ticket stands first.
struct FlushWork {
  uint32_t ticket = 0;
  uint32_t token = 0;
  FileId file;
  HostId host;
};
// A timer that expired while its process was paused.
struct ParkedTimer {
  TimerTag tag;
  uint32_t reserved = 0;
  uint64_t number = 0;
};

}  // namespace sim

#endif  // SIM_OWN_WORK_H_
