// sim/host/host.h
//
// A computer and the processes on it: what is up, where it stands, and how its clocks run.
//
// Survives:    a Host outlives everything; a Process record outlives its process.
// Models:      power and kernel apart from processes, racks and rooms, clocks with offset and
//              steps, pauses (SIGSTOP: the kernel goes on, the process does not).
// Leaves out:  CPU time; handlers take none.
#ifndef SIM_HOST_HOST_H_
#define SIM_HOST_HOST_H_

#include <cstdint>

#include "sim/event.h"
#include "sim/hash.h"
#include "sim/ids.h"
#include "sim/time.h"

namespace sim {

struct Host {
  uint64_t name = 0;  // hash of the declared name
  uint16_t rack = 0;
  uint16_t room = 0;
  uint8_t net_class = 0;  // with a peer's, picks a latency class
  bool immune = false;    // assumed to survive every power domain
  bool up = true;         // the kernel runs
  uint32_t crashes = 0;   // panics, power losses and new disks so far
  Duration mono_offset{};
  Duration wall_offset{};  // steps change it
  uint16_t outages = 0;    // faults that keep it down

  friend bool operator==(const Host&, const Host&) = default;
};

// What a process is while it runs: one lifetime, which ends when an empty one is assigned to it.
struct ProcessLife {
  bool running = false;
  bool listening = false;  // its port is open; else the kernel refuses
  bool stopping = false;   // was asked to stop and still runs
  SimTime paused_until{};  // 0: not paused
  SimTime caught_up_at{};  // what it missed during a pause is delivered up to then

  friend bool operator==(const ProcessLife&, const ProcessLife&) = default;
};

// A process as its host knows it, running or not.
struct Process {
  HostId host;
  uint8_t machine_type = 0;
  uint16_t index = 0;  // in the slab of its type
  uint64_t name = 0;   // hash of the declared name
  uint16_t incarnation = 0;
  bool done = false;   // ended by itself, unasked: the end of no fault starts it again
  uint16_t holds = 0;  // kills and stops that keep it down
  ProcessLife life;

  friend bool operator==(const Process&, const Process&) = default;
};

inline void HashInto(StableHash& hash, const Host& host) {
  const auto& [name, rack, room, net_class, immune, up, crashes, mono, wall, outages] = host;
  hash(name, rack, room, net_class, immune, up, crashes, mono, wall, outages);
}
inline void HashInto(StableHash& hash, const Process& process) {
  const auto& [host, machine_type, index, name, incarnation, done, holds, life] = process;
  const auto& [running, listening, stopping, paused_until, caught_up_at] = life;
  hash(host, machine_type, index, name, running, listening, incarnation, stopping, done, holds,
       paused_until, caught_up_at);
}

}  // namespace sim

#endif  // SIM_HOST_HOST_H_
