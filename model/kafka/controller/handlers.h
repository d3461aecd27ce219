// model/kafka/controller/handlers.h
//
// What the controller reacts to. One message family, one file: on_register.cc (registration and
// heartbeats), on_alter_partition.cc, on_metadata_fetch.cc, on_timer.cc, on_order.cc (operators).
#ifndef MODEL_KAFKA_CONTROLLER_HANDLERS_H_
#define MODEL_KAFKA_CONTROLLER_HANDLERS_H_

#include "model/kafka/controller/state.h"

namespace kafka::controller {

void OnStarted(const Context& ctx, Controller& self, const sim::Received<sim::Started>& event,
               Effects& out);
void OnStopRequested(const Context& ctx, Controller& self,
                     const sim::Received<sim::StopRequested>& event, Effects& out);
void OnTimer(const Context& ctx, Controller& self, const sim::Received<sim::TimerFired>& event,
             Effects& out);
void OnAccepted(const Context& ctx, Controller& self, const sim::Received<sim::Accepted>& event,
                Effects& out);
void OnDisconnected(const Context& ctx, Controller& self,
                    const sim::Received<sim::Disconnected>& event, Effects& out);
void OnOrdered(const Context& ctx, Controller& self, const sim::Received<sim::Ordered>& event,
               Effects& out);
void OnRegister(const Context& ctx, Controller& self, const sim::Received<RegisterRequest>& event,
                Effects& out);
void OnHeartbeat(const Context& ctx, Controller& self, const sim::Received<HeartbeatRequest>& event,
                 Effects& out);
void OnAlterPartition(const Context& ctx, Controller& self,
                      const sim::Received<AlterPartitionRequest>& event, Effects& out);
void OnAllocateProducerId(const Context& ctx, Controller& self,
                          const sim::Received<AllocateProducerIdRequest>& event, Effects& out);
void OnMetadataFetch(const Context& ctx, Controller& self,
                     const sim::Received<MetadataFetchRequest>& event, Effects& out);

}  // namespace kafka::controller

#endif  // MODEL_KAFKA_CONTROLLER_HANDLERS_H_
