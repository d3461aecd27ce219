// model/kafka/producer/sender.h
//
// The sender's loop (sender.cc; KC:P-29, P-30), and the program that feeds it (program.cc).
#ifndef MODEL_KAFKA_PRODUCER_SENDER_H_
#define MODEL_KAFKA_PRODUCER_SENDER_H_

#include "model/kafka/producer/state.h"

namespace kafka::producer {

// The sender stands in poll() between two events. Time-outs are looked at when it returns, after
// the one answer that has ended it (KC:P-34, P-35).
//
// Before an answer is read: a process that stood still for longer than its poll() would have lasted
// finds that over first, and with nothing.
void EndOverduePoll(const Context& ctx, Producer& self, Effects& out);
// poll() has returned: time-outs; program and sender until neither can go on; then the next poll().
void AfterPoll(const Context& ctx, Producer& self, Effects& out);
// The application's thread goes on. poll() returns only if send() wakes the sender (KC:P-10).
void RunApplication(const Context& ctx, Producer& self, Effects& out);
// The program's loop, as far as it gets without waiting.
void RunProgram(const Context& ctx, Producer& self, Effects& out);
// The program is told to stop, and closes its producer.
void StopProgram(const Context& ctx, Producer& self, Effects& out);

}  // namespace kafka::producer

#endif  // MODEL_KAFKA_PRODUCER_SENDER_H_
