// model/kafka/broker/requests/read.h
//
// What a fetch reads of one partition, and the answer that is made of it (read.cc; KB:R-11..R-20).
#ifndef MODEL_KAFKA_BROKER_REQUESTS_READ_H_
#define MODEL_KAFKA_BROKER_REQUESTS_READ_H_

#include "model/kafka/broker/state.h"

namespace kafka::broker {

// One fetch's answer in the making. Items are not zeroed ahead.
struct FetchAnswer {
  FetchResponse::Item* items = nullptr;  // room for kMaxPartitions
  uint32_t count = 0;
  uint64_t bytes = 0;
  uint64_t budget = 0;
  bool at_once = false;  // an error or a divergence
  bool waited = false;   // of a fetch that was parked
};
// Into the next of the answer's items, which it returns.
FetchResponse::Item& ReadPartition(const Context& ctx, const Broker& self,
                                   const FetchRequest& request, const FetchRequest::Item& item,
                                   FetchAnswer& answer);
void AnswerFetch(const Context& ctx, Broker& self, ConnectionId connection,
                 const FetchRequest& request, const FetchAnswer& answer, Effects& out);

}  // namespace kafka::broker

#endif  // MODEL_KAFKA_BROKER_REQUESTS_READ_H_
