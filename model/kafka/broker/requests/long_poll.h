// model/kafka/broker/requests/long_poll.h
//
// Fetches that wait for data: parked, woken, answered in the order in which they were parked
// (long_poll.cc; KB:R-18).
#ifndef MODEL_KAFKA_BROKER_REQUESTS_LONG_POLL_H_
#define MODEL_KAFKA_BROKER_REQUESTS_LONG_POLL_H_

#include "model/kafka/broker/state.h"

namespace kafka::broker {

// Partitions whose log grew, and whose watermark moved or whose leader is another: bit p stands for
// PartitionId p.
struct Moved {
  uint64_t appended = 0;
  uint64_t advanced = 0;
};
void ParkFetch(const Context& ctx, Broker& self, const sim::Received<FetchRequest>& event,
               Effects& out);
void CompleteFetches(const Context& ctx, Broker& self, Moved moved, Effects& out);
void ExpireFetches(const Context& ctx, Broker& self, Effects& out);
// Those of a connection that is gone.
void DropFetches(Process& process, ConnectionId connection);

}  // namespace kafka::broker

#endif  // MODEL_KAFKA_BROKER_REQUESTS_LONG_POLL_H_
