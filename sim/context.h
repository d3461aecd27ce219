// sim/context.h
//
// What a handler may see besides its machine's state and its message: its own host's clocks, its
// disk, and a way to ask for choices that the real system makes.
//
// Leaves out:  SimTime. It does not reach a machine; only ledger and invariants see it.
#ifndef SIM_CONTEXT_H_
#define SIM_CONTEXT_H_

#include <cstdint>

#include "sim/choice.h"
#include "sim/ids.h"
#include "sim/storage/host_storage.h"
#include "sim/time.h"

namespace sim {

struct Context {
  MachineId self;
  uint64_t self_name = 0;  // hash of the machine's declared name
  MonoTime mono;
  WallTime wall;
  const Choices* choices = nullptr;
  const HostStorage* disk = nullptr;  // read-only: page cache view; writing is an effect

  // Uniform in [0, n): what the real system leaves to chance (a sticky partition, a jitter).
  uint64_t Choose(uint32_t purpose, About about, uint64_t n) const {
    return choices->Below(MakeChoiceKey(ChoiceDomain::kMachine, purpose, self_name, about), n);
  }
};

}  // namespace sim

#endif  // SIM_CONTEXT_H_
