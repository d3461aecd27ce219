#include "sim/faults/faults.h"

#include <algorithm>
#include <tuple>

#include "sim/check.h"
#include "sim/own_work.h"

namespace sim {

void Faults::SetPlan(std::span<const PlannedFault> plan, Core& core) {
  plan_.assign(plan.begin(), plan.end());
  progress_.assign(plan.size(), {});
  for (uint32_t i = 0; i < plan_.size(); ++i) {
    if (plan_[i].after_fault >= 0) continue;  // when that one is over
    if (plan_[i].at < Never<SimTime>()) core.PushOwn(plan_[i].at, EventKind::kFaultDue, i, 0);
  }
  RefreshAwaited();
}

void Faults::RefreshAwaited() {
  awaited_kinds_.Clear();
  for (uint32_t i = 0; i < plan_.size(); ++i) {
    if (progress_[i].fired || plan_[i].note_kind == 0) continue;
    awaited_kinds_.Add(plan_[i].note_kind);
  }
}

bool Faults::AllFired() const {
  return std::all_of(progress_.begin(), progress_.end(),
                     [](const FaultProgress& fault) { return fault.fired; });
}

uint16_t Faults::Realise(RealisedFault realised, SimTime now) {
  progress_[realised.plan].fired = true;
  RefreshAwaited();
  realised.time = now;
  if (!realised_.empty()) realised.since_previous = now - realised_.back().time;
  realised_.push_back(realised);
  return static_cast<uint16_t>(realised_.size() - 1);
}

void Faults::ScheduleEnd(uint16_t number, Core& core) {
  realised_[number].ending = true;
  const Duration lasts = plan_[realised_[number].plan].lasts;
  core.PushOwn(core.now + lasts, EventKind::kFaultEnds, number, 0);
}

void Faults::ScheduleGrace(uint16_t number, Core& core) {
  const Duration grace = plan_[realised_[number].plan].grace;
  core.PushOwn(core.now + grace, EventKind::kFaultEnds, number, kGraceEnds);
}

bool Faults::StopWipes(MachineId machine) const {
  return !ended_ && std::any_of(realised_.begin(), realised_.end(), [&](const RealisedFault& it) {
    const PlannedFault& fault = plan_[it.plan];
    return fault.kind == FaultKind::kStop && fault.wipe && !it.over &&
           it.machines.contains(machine);
  });
}

bool Faults::MarkOver(uint16_t number) {
  if (ended_ || realised_[number].over) return false;
  realised_[number].over = true;
  return true;
}

void Faults::ScheduleFollowers(uint16_t plan_index, Core& core) {
  for (uint32_t i = 0; i < plan_.size(); ++i) {
    const PlannedFault& next = plan_[i];
    if (next.after_fault != plan_index || progress_[i].fired) continue;
    const bool keeps_time = next.at >= core.now && next.at < Never<SimTime>();
    const SimTime due = keeps_time ? next.at : core.now + next.delay;
    core.PushOwn(due, EventKind::kFaultDue, i, 0);
  }
}

uint32_t Faults::SlowdownOf(HostId host) const {
  uint32_t factor = 1;
  for (const RealisedFault& realised : realised_) {
    const PlannedFault& fault = plan_[realised.plan];
    if (fault.kind != FaultKind::kSlowDisk || realised.over) continue;
    if (realised.hosts.contains(host)) factor = std::max(factor, fault.factor);
  }
  return factor;
}

namespace {

// Named by what the fault is, so that one more in the plan does not move the others; of two equal
// ones the order in the plan tells.
ChoiceKey HazardKey(std::span<const uint64_t> names, uint16_t index) {
  constexpr uint32_t kHazardTime = 1;
  const auto before = names.first(index);
  const auto equal = static_cast<uint32_t>(std::count(before.begin(), before.end(), names[index]));
  return MakeChoiceKey(ChoiceDomain::kFault, kHazardTime, names[index],
                       {.uid = 0, .attempt = equal});
}

}  // namespace

void Faults::Redraw(std::span<const SimTime> until, std::span<const uint64_t> names, Core& core) {
  SIM_CHECK(until.size() == plan_.size());
  SIM_CHECK(names.size() == plan_.size());
  if (ended_) return;
  for (uint16_t i = 0; i < plan_.size(); ++i) {
    PlannedFault& fault = plan_[i];
    if (progress_[i].fired || fault.after_fault >= 0) continue;
    fault.note_kind = 0;
    fault.at = core.now + core.choices.Between(HazardKey(names, i), {}, until[i] - core.now);
    ++progress_[i].due;
    core.PushOwn(fault.at, EventKind::kFaultDue, i, progress_[i].due);
  }
  RefreshAwaited();
}

void Faults::End() {
  ended_ = true;
  awaited_kinds_.Clear();
}

void HashInto(StableHash& hash, const Faults& faults) {
  const auto& [plan, progress, realised, awaited_kinds, ended] = faults;
  static_cast<void>(std::tie(plan, awaited_kinds));  // constant, or redrawn by number; derived
  static_cast<void>(ended);                          // the engine hashes it before this
  for (const auto& [fired, seen, due] : progress) hash(fired, seen, due);
  for (const RealisedFault& fault : realised) {
    const auto& [index, by_fallback, note_kind, note_subject, uid, event, time, ending,
                 since_previous, hosts, machines, peers, over] = fault;
    // What it was about, and whom it met, follow from the time at which it struck.
    static_cast<void>(std::tie(by_fallback, note_kind, note_subject, uid, event, ending,
                               since_previous, hosts, machines, peers));
    hash(index, time, over);
  }
}

}  // namespace sim
