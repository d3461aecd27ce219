// model/kafka/consumer/program.h
//
// The program's loop around poll() and the whole consumer's step (program.cc): the one place where
// program and library meet.
#ifndef MODEL_KAFKA_CONSUMER_PROGRAM_H_
#define MODEL_KAFKA_CONSUMER_PROGRAM_H_

#include "model/kafka/consumer/state.h"

namespace kafka::consumer {

// All parts of the consumer until none can go on; then the timer.
void Run(const Context& ctx, Consumer& self, Effects& out);
// The program has worked through what the last poll gave it.
void FinishProcessing(const Context& ctx, Consumer& self, Effects& out);

}  // namespace kafka::consumer

#endif  // MODEL_KAFKA_CONSUMER_PROGRAM_H_
