// model/kafka/broker/requests/producer_ids.h
//
// Producer ids, which the controller hands out and a broker passes on (on_clients.cc).
#ifndef MODEL_KAFKA_BROKER_REQUESTS_PRODUCER_IDS_H_
#define MODEL_KAFKA_BROKER_REQUESTS_PRODUCER_IDS_H_

#include "model/kafka/broker/state.h"

namespace kafka::broker {

// Asks the controller for every client that waits and has not been asked for.
void AskForProducerIds(const Context& ctx, Broker& self, Effects& out);

}  // namespace kafka::broker

#endif  // MODEL_KAFKA_BROKER_REQUESTS_PRODUCER_IDS_H_
