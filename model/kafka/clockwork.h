// model/kafka/clockwork.h
//
// The periodic work of processes that were up before the run began.
//
// A run begins with a formed cluster (docs/decisions/0001), and nothing in a running cluster ticks
// in step with a fault: how long each process has been up is a choice about its name, and all its
// periods count from there (docs/decisions/0008).
#ifndef MODEL_KAFKA_CLOCKWORK_H_
#define MODEL_KAFKA_CLOCKWORK_H_

#include <algorithm>

#include "model/kafka/context.h"

namespace kafka {

// Uniform in [0 s, 1 h]; longer than any period that Kafka has by default.
inline Duration UpBeforeTheRun(const Context& ctx, uint64_t name) {
  constexpr uint32_t kPurpose = 0x0b50;
  const auto key = sim::MakeChoiceKey(sim::ChoiceDomain::kMachine, kPurpose, name, {});
  return ctx.choices->Between(key, {}, sim::Seconds(3600));
}

// Of a task that is done every `period`; in [0, period).
constexpr Duration SinceLastTick(Duration up, Duration period) {
  return Duration{up.ns % std::max<int64_t>(period.ns, 1)};
}

// Of a task that is first done `delay` after the start, and then every `period`: how long from now,
// `up` after the start; in (0, period] once the first time is over.
constexpr Duration UntilNextTick(Duration up, Duration delay, Duration period) {
  if (up < delay) return delay - up;
  return period - SinceLastTick(up - delay, period);
}

}  // namespace kafka

#endif  // MODEL_KAFKA_CLOCKWORK_H_
