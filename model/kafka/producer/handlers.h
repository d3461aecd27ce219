// model/kafka/producer/handlers.h
//
// What a producer reacts to: on_lifecycle.cc, on_network.cc, on_produce_response.cc.
#ifndef MODEL_KAFKA_PRODUCER_HANDLERS_H_
#define MODEL_KAFKA_PRODUCER_HANDLERS_H_

#include "model/kafka/producer/state.h"

namespace kafka::producer {

void OnStarted(const Context& ctx, Producer& self, const sim::Received<sim::Started>& event,
               Effects& out);
void OnStopRequested(const Context& ctx, Producer& self,
                     const sim::Received<sim::StopRequested>& event, Effects& out);
void OnTimer(const Context& ctx, Producer& self, const sim::Received<sim::TimerFired>& event,
             Effects& out);
void OnConnected(const Context& ctx, Producer& self, const sim::Received<sim::Connected>& event,
                 Effects& out);
void OnDisconnected(const Context& ctx, Producer& self,
                    const sim::Received<sim::Disconnected>& event, Effects& out);
void OnApiVersionsResponse(const Context& ctx, Producer& self,
                           const sim::Received<ApiVersionsResponse>& event, Effects& out);
void OnProduceResponse(const Context& ctx, Producer& self,
                       const sim::Received<ProduceResponse>& event, Effects& out);
void OnMetadataResponse(const Context& ctx, Producer& self,
                        const sim::Received<MetadataResponse>& event, Effects& out);
void OnInitProducerIdResponse(const Context& ctx, Producer& self,
                              const sim::Received<InitProducerIdResponse>& event, Effects& out);

}  // namespace kafka::producer

#endif  // MODEL_KAFKA_PRODUCER_HANDLERS_H_
