// model/kafka/broker/lifecycle.h
//
// A broker's life as the controller sees it: its three connections there, registration, heartbeats,
// and the moment from which it serves (on_lifecycle.cc).
//
// Models:      register, then heartbeats with the metadata offset applied; unfenced once it has
//              caught up (KB:C-1..C-7); an orderly stop asks first (KB:E-40..E-42).
// Leaves out:  several controllers to choose from.
#ifndef MODEL_KAFKA_BROKER_LIFECYCLE_H_
#define MODEL_KAFKA_BROKER_LIFECYCLE_H_

#include "model/kafka/broker/state.h"

namespace kafka::broker {

void OpenController(Broker& self, ControllerLink which, const Context& ctx, Effects& out);
void OnControllerUp(const Context& ctx, Broker& self, ControllerLink which, Effects& out);
// The connection is gone; it is opened again after a back-off.
void LoseController(const Context& ctx, Broker& self, ControllerLink which, Effects& out);
void OnLifecycleTimer(const Context& ctx, Broker& self, Effects& out);
void SendHeartbeat(const Context& ctx, Broker& self, Effects& out);
// From here on requests are served, and the periodic tasks run.
void BeginServing(const Context& ctx, Broker& self, Effects& out);

// The periodic flusher's next tick, if some log has a flush.ms.
void ArmFlusher(const Context& ctx, const Broker& self, Effects& out);

}  // namespace kafka::broker

#endif  // MODEL_KAFKA_BROKER_LIFECYCLE_H_
