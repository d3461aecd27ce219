// model/kafka/broker/requests/produce.h
//
// Produce requests that a disk holds up, and how they go on (on_produce.cc; KB:P-23).
#ifndef MODEL_KAFKA_BROKER_REQUESTS_PRODUCE_H_
#define MODEL_KAFKA_BROKER_REQUESTS_PRODUCE_H_

#include "model/kafka/broker/state.h"

namespace kafka::broker {

// write() returns at last: the request that waited for it flushes, or goes on.
void ReleaseWriter(const Context& ctx, Broker& self, PartitionId partition, Effects& out);
// An inline flush is done: what held the lock goes on, then who waited for it.
void ResumeProduces(const Context& ctx, Broker& self, PartitionId partition, Effects& out);
void ResumeWaiting(const Context& ctx, Broker& self, PartitionId partition, Effects& out);

}  // namespace kafka::broker

#endif  // MODEL_KAFKA_BROKER_REQUESTS_PRODUCE_H_
