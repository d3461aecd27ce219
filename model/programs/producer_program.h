// model/programs/producer_program.h
//
// The program that sends: which message comes next, with which key, and when.
//
// Models:      a loop around send() that sleeps `interval` after each call returned; interval zero
//              calls again at once, and only send() itself holds it back: by waiting, and by the
//              time that the call takes.
// Leaves out:  memory across restarts: a restarted program has forgotten what it sent, and is over.
//
// The loop knows of the library what its calls tell it, and the library nothing of the loop: the
// machine that holds both asks the loop what it does now, and tells it what came of it.
#ifndef MODEL_PROGRAMS_PRODUCER_PROGRAM_H_
#define MODEL_PROGRAMS_PRODUCER_PROGRAM_H_

#include <cstdint>

#include "model/kafka/setup.h"
#include "sim/time.h"

namespace programs {

using kafka::ProducerProgram;

// Whether `sent` calls were all of them.
constexpr bool IsOver(const ProducerProgram& program, uint32_t sent) {
  return sent >= program.messages;
}
// What one send() takes of its thread's time, whether it takes the record or refuses it; of a loop
// that sleeps it is a part of the interval. (A Java producer's figure for small records: about
// a million calls a second.)
constexpr sim::Duration kSendTime = sim::Microseconds(1);
constexpr bool HasKeys(const ProducerProgram& program) { return program.keys > 0; }
constexpr uint32_t KeyOf(const ProducerProgram& program, uint32_t number) {
  return HasKeys(program) ? number % program.keys : 0;
}
// Every start after the first: what it had sent is forgotten, so it sends no more.
constexpr bool RunsIn(uint32_t incarnation) { return incarnation <= 1; }

// Where the loop stands.
struct SendLoop {
  bool running = false;
  bool rests = false;       // until the library's queue, or the timer, lets it go on
  bool stalled = false;     // nothing has been drained since it rests
  uint32_t next = 0;        // number of the next message
  uint32_t run_ahead = 0;   // how many queued batches make it rest
  sim::MonoTime due{};      // of the next send()
  sim::Duration spent{};    // by calls, since the loop has last let time pass
  sim::MonoTime armed{-1};  // what the loop's timer is set to

  friend bool operator==(const SendLoop&, const SendLoop&) = default;
};

void Begin(SendLoop& loop, const ProducerProgram& program, sim::MonoTime now);

// What the loop does now.
struct Step {
  enum class Kind : uint8_t { kCalls, kWaits, kIsOver };
  Kind kind = Kind::kCalls;
  sim::MonoTime timer = sim::Never<sim::MonoTime>();  // kWaits: to be set to this, if not never
};
// Requires: the loop runs. `queued`: batches that the library holds and has not sent.
Step NextStep(SendLoop& loop, const ProducerProgram& program, uint32_t queued, sim::MonoTime now);
// A loop without a pause has made a call at this instant.
void CountCallTime(SendLoop& loop, sim::MonoTime now);
// send() returned, or threw: a loop that looks at no result goes on either way (KC:A-1). Called once
// a message: inline.
inline void CallReturned(SendLoop& loop, const ProducerProgram& program, sim::MonoTime now) {
  ++loop.next;
  if (program.interval.ns == 0) return CountCallTime(loop, now);
  loop.due = now + program.interval;
}
// The library has drained a batch.
inline void QueueMoved(SendLoop& loop) { loop.stalled = false; }
void OnTimer(SendLoop& loop);

}  // namespace programs

#endif  // MODEL_PROGRAMS_PRODUCER_PROGRAM_H_
