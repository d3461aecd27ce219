// sim/faults/faults.h
//
// The faults of a run: what is planned, how far each has come, what was realised, and what follows.
//
// Here stands when a fault is due; what it does to hosts, processes and links is the engine's
// (engine_faults.cc), which tells this room when one strikes and when one is over.
// Invariants:  (1) a fault is realised at most once; (2) once the faults have ended, nothing
//              strikes and nothing is awaited any more.
// Complexity:  a note that nobody awaits costs one test of a bit.
#ifndef SIM_FAULTS_FAULTS_H_
#define SIM_FAULTS_FAULTS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "sim/core.h"
#include "sim/faults/fault.h"
#include "sim/hash.h"
#include "sim/ids.h"
#include "sim/notes/kind_set.h"
#include "sim/time.h"

namespace sim {

class Faults {
 public:
  // Of a run that has not started.
  void SetPlan(std::span<const PlannedFault> plan, Core& core);

  std::span<const PlannedFault> plan() const { return plan_; }
  std::span<FaultProgress> progress() { return progress_; }
  std::span<const RealisedFault> realised() const { return realised_; }
  const RealisedFault& realised(uint16_t number) const { return realised_[number]; }
  bool ended() const { return ended_; }
  bool AllFired() const;
  // The kinds for whose notes some fault waits that has not fired.
  const KindSet& awaited_kinds() const { return awaited_kinds_; }
  void HoldPoints() { awaited_kinds_.Clear(); }

  // An entry of the calendar that a later one has replaced is stale.
  bool IsDue(uint32_t plan_index, uint32_t due) const { return progress_[plan_index].due == due; }
  // It strikes now. Returns its number among the realised ones.
  uint16_t Realise(RealisedFault realised, SimTime now);
  // Its end is on the calendar from now on.
  void ScheduleEnd(uint16_t number, Core& core);
  // Its grace, counted from now, is on the calendar.
  void ScheduleGrace(uint16_t number, Core& core);
  // An orderly stop whose last process has gone is over after its time, counted from now.
  // `is_any_running(machines)` tells.
  template <typename IsAnyRunning>
  void ScheduleRestart(MachineId gone, const IsAnyRunning& is_any_running, Core& core) {
    for (uint16_t i = 0; i < realised_.size(); ++i) {
      const RealisedFault& stop = realised_[i];
      if (IsStopUnderWay(stop) && stop.machines.contains(gone) && !is_any_running(stop.machines)) {
        ScheduleEnd(i, core);
      }
    }
  }
  // A stop that is in force takes this machine's disk with it.
  bool StopWipes(MachineId machine) const;
  // True, once, unless the faults have ended.
  bool MarkOver(uint16_t number);
  // What waits for this fault to be over is due now, or at its time, or after its delay.
  void ScheduleFollowers(uint16_t plan_index, Core& core);
  // The greatest factor among the slow disks that are in force on this host.
  uint32_t SlowdownOf(HostId host) const;
  // See Engine::RedrawFaults.
  void Redraw(std::span<const SimTime> until, std::span<const uint64_t> names, Core& core);
  void End();

  friend void HashInto(StableHash& hash, const Faults& faults);

 private:
  bool IsStopUnderWay(const RealisedFault& realised) const {
    const PlannedFault& fault = plan_[realised.plan];
    return fault.kind == FaultKind::kStop && fault.lasts < kForever && !realised.ending;
  }
  void RefreshAwaited();

  std::vector<PlannedFault> plan_;
  std::vector<FaultProgress> progress_;
  std::vector<RealisedFault> realised_;
  KindSet awaited_kinds_;
  bool ended_ = false;
};

}  // namespace sim

#endif  // SIM_FAULTS_FAULTS_H_
