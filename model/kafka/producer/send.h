// model/kafka/producer/send.h
//
// send(), as the application's thread goes through it (send.cc; KC:P-10..P-18).
//
// Leaves out:  serializers, interceptors. What a call takes is the program's to count.
#ifndef MODEL_KAFKA_PRODUCER_SEND_H_
#define MODEL_KAFKA_PRODUCER_SEND_H_

#include "model/kafka/producer/partitioner.h"
#include "model/kafka/producer/state.h"

namespace kafka::producer {

// True: the call has returned, and the record is taken or refused. False: it blocks, and is to be
// made again when something has changed; max.block.ms bounds all of its waits together (KC:P-12).
bool Send(const Context& ctx, Producer& self, const Record& record, Effects& out);
// close() begins: a call that is blocked throws (KC:P-18).
void ThrowBlockedSend(const Context& ctx, Producer& self, const Record& record, Effects& out);

}  // namespace kafka::producer

#endif  // MODEL_KAFKA_PRODUCER_SEND_H_
