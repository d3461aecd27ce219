// model/programs/producer_program.h
//
// The program that sends: which message comes next, with which key, and when.
//
// Models:      a loop around send() that sleeps `interval` after each call returned; interval zero
//              calls again at once, and only send() itself holds it back.
// Leaves out:  memory across restarts: a restarted program has forgotten what it sent, and is over.
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
// When the next send() is due, if the one before returned at `returned`.
constexpr sim::MonoTime NextDue(const ProducerProgram& program, sim::MonoTime returned) {
  return returned + program.interval;
}
constexpr bool HasKeys(const ProducerProgram& program) { return program.keys > 0; }
constexpr uint32_t KeyOf(const ProducerProgram& program, uint32_t number) {
  return HasKeys(program) ? number % program.keys : 0;
}
// Every start after the first: what it had sent is forgotten, so it sends no more.
constexpr bool RunsIn(uint32_t incarnation) { return incarnation <= 1; }

}  // namespace programs

#endif  // MODEL_PROGRAMS_PRODUCER_PROGRAM_H_
