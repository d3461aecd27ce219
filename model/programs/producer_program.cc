#include "model/programs/producer_program.h"

namespace programs {
namespace {

// A loop without a pause is at most this many batches ahead of the sender while that makes
// progress.
constexpr uint32_t kRunAhead = 64;
constexpr sim::Duration kRest = sim::Milliseconds(50);
// A loop without a pause makes calls for as long as this at one instant, and then lets the time
// pass: an event for each call would cost more than it tells.
constexpr sim::Duration kSlice = sim::Microseconds(100);

Step WaitUntil(SendLoop& loop, sim::MonoTime time) {
  const bool is_set = loop.armed == time;
  loop.armed = time;
  return {.kind = Step::Kind::kWaits, .timer = is_set ? sim::Never<sim::MonoTime>() : time};
}

}  // namespace

void Begin(SendLoop& loop, const ProducerProgram& program, sim::MonoTime now) {
  loop.running = true;
  loop.run_ahead = kRunAhead;
  loop.due = now + program.start_after;
}

// The loop would queue all that buffer.memory holds before the first answer. So it rests, and goes on
// as the queue gets shorter; if nothing moves for a while, it gets further ahead, and meets a full
// buffer in the end as it should (KC:P-16).
Step NextStep(SendLoop& loop, const ProducerProgram& program, uint32_t queued, sim::MonoTime now) {
  if (IsOver(program, loop.next)) {
    loop.running = false;
    return {.kind = Step::Kind::kIsOver};
  }
  if (loop.due > now) return WaitUntil(loop, loop.due);
  if (program.interval.ns > 0 || queued < loop.run_ahead) return {};
  if (loop.rests) return {.kind = Step::Kind::kWaits};
  loop.rests = loop.stalled = true;
  return WaitUntil(loop, now + kRest);
}

void CountCallTime(SendLoop& loop, sim::MonoTime now) {
  loop.spent = loop.spent + kSendTime;
  if (loop.spent < kSlice) return;
  loop.due = now + loop.spent;
  loop.spent = {};
}

void OnTimer(SendLoop& loop) {
  loop.armed = sim::MonoTime{-1};
  if (!loop.rests) return;
  loop.rests = false;
  loop.run_ahead = loop.stalled ? 2 * loop.run_ahead : kRunAhead;
}

}  // namespace programs
