// model/kafka/consumer/fetcher.h
//
// Fetches, one a broker, and what poll() makes of their data (fetcher.cc; KC:3.2).
#ifndef MODEL_KAFKA_CONSUMER_FETCHER_H_
#define MODEL_KAFKA_CONSUMER_FETCHER_H_

#include <optional>

#include "model/kafka/consumer/state.h"

namespace kafka::consumer {

void SendFetches(const Context& ctx, Consumer& self, Effects& out);
// Hands out up to max.poll.records to the program (KC:C-9), and stops before what throws (KC:C-10).
// Returns that partition's index if nothing was to be handed out before it.
std::optional<uint16_t> Collect(const Context& ctx, Consumer& self, Effects& out);
void DropBuffer(Process& process, uint16_t partition);

}  // namespace kafka::consumer

#endif  // MODEL_KAFKA_CONSUMER_FETCHER_H_
