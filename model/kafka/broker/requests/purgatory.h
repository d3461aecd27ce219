// model/kafka/broker/requests/purgatory.h
//
// Produce requests that wait for replication, and every produce answer (purgatory.cc;
// KB:P-52..P-58).
//
// Invariants:  a request is answered once, when all of its partitions are decided (KB:P-56) or when
//              its time is over (KB:P-57).
#ifndef MODEL_KAFKA_BROKER_REQUESTS_PURGATORY_H_
#define MODEL_KAFKA_BROKER_REQUESTS_PURGATORY_H_

#include "model/kafka/broker/requests/long_poll.h"
#include "model/kafka/broker/state.h"

namespace kafka::broker {

// After all items of Process::produces[index] went through: answers, or parks.
void FinishProduce(const Context& ctx, Broker& self, size_t index, Effects& out);
// Delayed produce requests first, then long polls, in the order in which they were parked
// (KB:P-58).
void CompleteDelayed(const Context& ctx, Broker& self, Moved moved, Effects& out);
void CompleteProduces(const Context& ctx, Broker& self, uint64_t partitions, Effects& out);
void ExpireProduces(const Context& ctx, Broker& self, Effects& out);

}  // namespace kafka::broker

#endif  // MODEL_KAFKA_BROKER_REQUESTS_PURGATORY_H_
