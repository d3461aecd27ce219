// sim/faults/fault.h
//
// What breaks a World: planned faults, the point at which each strikes, and what was realised.
//
// A fault strikes at a time, or at a protocol point: a note of a kind (and subject) for which a
// guard holds, with a fallback time. The engine knows neither roles nor guards; the System resolves
// both.
#ifndef SIM_FAULTS_FAULT_H_
#define SIM_FAULTS_FAULT_H_

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "sim/ids.h"
#include "sim/inline_vec.h"
#include "sim/time.h"

namespace sim {

enum class FaultKind : uint8_t {
  kKill,          // SIGKILL of one process
  kStop,          // orderly stop of one process
  kPanic,         // of one host's kernel
  kPowerLoss,     // of one or more hosts at once
  kPause,         // SIGSTOP, then SIGCONT
  kPartition,     // directed links are cut, then heal
  kLatencySpike,  // directed links become slower, then recover
  kSlowDisk,
  kClockStep,  // of a host's wall clock
  kOrder,      // somebody in charge asks processes for something: PlannedFault::order
};

// Which machines or hosts a fault meets: a plain struct of the System's, which alone looks into it
// (System::Resolve, System::HashTarget). Its bytes are kept, so that it must have no padding. By
// default they are zeros.
class FaultTarget {
 public:
  static constexpr size_t kBytes = 16;

  FaultTarget() = default;
  template <typename Target>
  requires(std::is_class_v<Target> && !std::is_same_v<Target, FaultTarget>)
      FaultTarget(const Target& target) {  // implicit: a plan names the System's targets
    static_assert(std::is_trivially_copyable_v<Target> && sizeof(Target) <= kBytes &&
                  std::has_unique_object_representations_v<Target>);
    std::memcpy(bytes_.data(), &target, sizeof(Target));
  }
  // Requires: the System's own type.
  template <typename Target>
  Target As() const {
    Target target;
    std::memcpy(&target, bytes_.data(), sizeof(Target));
    return target;
  }
  friend auto operator<=>(const FaultTarget&, const FaultTarget&) = default;

 private:
  std::array<uint8_t, kBytes> bytes_{};
};

// Conditions on what the note is about; the System evaluates them (ledger facts).
struct FaultGuard {
  static constexpr int32_t kAny = -1;
  int32_t copies_min = kAny;
  int32_t copies_max = kAny;
  int32_t in_flight_max = kAny;
  int32_t acknowledged_min = kAny;
  int32_t sent_min = kAny;
  int32_t isr_size = kAny;
  int32_t actor = kAny;  // who says it, or whom it is about: the System's number
  friend auto operator<=>(const FaultGuard&, const FaultGuard&) = default;
};

struct PlannedFault {
  FaultKind kind{};
  // When.
  uint16_t note_kind = 0;              // 0: at `at`
  uint32_t note_subject = 0xffffffff;  // all ones: any
  uint32_t occurrence = 1;             // the n-th note for which the guard holds
  bool by_uid = false;  // only a note about message `uid` (replaying a realised anchor)
  uint64_t uid = 0;
  FaultGuard guard;
  SimTime at{};  // the time, or the fallback of a protocol point
  // The striking event's writes are kept, and its sends dropped if the fault ends who sends.
  bool before_effects = false;
  // Not before the fault with this number in the plan is over, and `delay` after that (rolling
  // restarts); with a time of its own in `at`, at that time if the other one is over by then. -1:
  // on its own.
  int16_t after_fault = -1;
  Duration delay{};
  // Whom.
  FaultTarget target;
  FaultTarget peer;             // kPartition, kLatencySpike: the other side of the links
  bool both_directions = true;  // kPartition, kLatencySpike
  // What.
  Duration lasts = kForever;  // until heal, resume, restart; kForever: until the end of faults
  // kStop: a process that still runs after this much is killed; kForever: it takes its time
  Duration grace = kForever;
  // kKill, kStop, kPanic, kPowerLoss: what starts again finds a new, empty disk
  bool wipe = false;
  Duration extra{};     // kLatencySpike: added. kClockStep: the step
  uint32_t factor = 1;  // kSlowDisk
  uint32_t order = 0;   // kOrder: what is asked for, a number of the System's

  friend bool operator==(const PlannedFault&, const PlannedFault&) = default;
};

// Whom one fault may meet; a System has no more machines than that.
using ResolvedHosts = InlineVec<HostId, 64>;
using ResolvedMachines = InlineVec<MachineId, 64>;

// What became of a planned fault, with every anchor that a shrinker or a variant may try.
struct RealisedFault {
  uint16_t plan = 0;
  bool by_fallback = false;
  uint16_t note_kind = 0;
  uint32_t note_subject = 0;
  uint64_t uid = 0;  // of the message that the note was about
  EventId event;
  SimTime time;
  bool ending = false;        // its end is on the calendar, or past
  Duration since_previous{};  // distance to the fault that fired before
  ResolvedHosts hosts;        // as resolved
  ResolvedMachines machines;
  ResolvedHosts peers;  // kPartition, kLatencySpike: the other side, as resolved
  bool over = false;    // healed, resumed, restarted

  friend bool operator==(const RealisedFault&, const RealisedFault&) = default;
};

struct FaultProgress {
  bool fired = false;
  uint32_t seen = 0;  // notes for which the guard held
  uint32_t due = 0;   // which of its FaultDue entries counts: drawn anew so often; others are stale
  friend bool operator==(const FaultProgress&, const FaultProgress&) = default;
};

}  // namespace sim

#endif  // SIM_FAULTS_FAULT_H_
