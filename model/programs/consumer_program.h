// model/programs/consumer_program.h
//
// The program that reads: how long it works on what a poll gave it, and what it commits when.
//
// Models:      a loop of poll(), processing, and a manual commitSync before or after processing.
#ifndef MODEL_PROGRAMS_CONSUMER_PROGRAM_H_
#define MODEL_PROGRAMS_CONSUMER_PROGRAM_H_

#include <cstdint>

#include "model/kafka/setup.h"
#include "sim/time.h"

namespace programs {

using kafka::ConsumerProgram;

constexpr sim::Duration ProcessingOf(const ConsumerProgram& program, int64_t record_count) {
  return program.processing * record_count;
}
constexpr bool CommitsBefore(const ConsumerProgram& program) {
  return program.commit == ConsumerProgram::Commit::kBeforeProcessing;
}
constexpr bool CommitsAfter(const ConsumerProgram& program) {
  return program.commit == ConsumerProgram::Commit::kAfterProcessing;
}

}  // namespace programs

#endif  // MODEL_PROGRAMS_CONSUMER_PROGRAM_H_
