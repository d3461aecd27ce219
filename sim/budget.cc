#include "sim/budget.h"

namespace sim {

void Budget::Plan(SimTime now, uint32_t event_count) {
  looked_ = now;
  const uint32_t left = limits_.in_all - std::min(limits_.in_all, event_count);
  look_at_ = event_count + std::min(limits_.per_second, left);
}

void Budget::Look(SimTime now, uint32_t event_count, const Overrun::Source& event) {
  if (overrun_) return;
  if (passed_) return Count(now, event);
  if (event_count >= limits_.in_all) {
    passed_ = Overrun::Limit::kInAll;
  } else if (now - looked_ < Seconds(1)) {
    passed_ = Overrun::Limit::kPerSecond;
  } else {
    return Plan(now, event_count);
  }
  Count(now, event);
}

void Budget::Count(SimTime now, const Overrun::Source& event) {
  const auto is_event = [&](const Tally& tally) { return tally.source == event; };
  auto found = std::find_if(tallies_.begin(), tallies_.end(), is_event);
  if (found == tallies_.end()) found = tallies_.insert(tallies_.end(), Tally{event, 0});
  ++found->count;
  if (++counted_ < kCounted) return;
  const auto fewer = [](const Tally& a, const Tally& b) { return a.count < b.count; };
  const auto most = std::max_element(tallies_.begin(), tallies_.end(), fewer);
  overrun_ = Overrun{.limit = *passed_, .source = most->source, .at = now};
  tallies_.clear();
}

void Budget::OnTimerAtNow(SimTime now, uint32_t event_count) {
  if (now != instant_) timers_at_instant_ = 0;
  instant_ = now;
  if (++timers_at_instant_ < limits_.timers_at_now || passed_) return;
  passed_ = Overrun::Limit::kTimersAtNow;
  look_at_ = event_count;
}

}  // namespace sim
