// model/kafka/broker/connections.h
//
// The connections that clients and followers have opened here (on_connection.cc).
#ifndef MODEL_KAFKA_BROKER_CONNECTIONS_H_
#define MODEL_KAFKA_BROKER_CONNECTIONS_H_

#include "model/kafka/broker/state.h"

namespace kafka::broker {

// Closes every one of them, and drops what waited on it.
void CloseClients(Process& process, Effects& out);

}  // namespace kafka::broker

#endif  // MODEL_KAFKA_BROKER_CONNECTIONS_H_
