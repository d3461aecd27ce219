// model/kafka/producer/sender.h
//
// The sender's loop (sender.cc; KC:P-29, P-30), and the program that feeds it (program.cc).
#ifndef MODEL_KAFKA_PRODUCER_SENDER_H_
#define MODEL_KAFKA_PRODUCER_SENDER_H_

#include "model/kafka/producer/state.h"

namespace kafka::producer {

// Program and sender until neither can go on; then the timer for both.
void Run(const Context& ctx, Producer& self, Effects& out);
// The program's loop, as far as it gets without waiting.
void RunProgram(const Context& ctx, Producer& self, Effects& out);
// The program is told to stop, and closes its producer.
void StopProgram(const Context& ctx, Producer& self, Effects& out);

}  // namespace kafka::producer

#endif  // MODEL_KAFKA_PRODUCER_SENDER_H_
