// model/kafka/broker/handlers.h
//
// What a broker reacts to. One message family, one file: on_produce.cc, on_fetch.cc,
// on_fetch_response.cc, on_clients.cc, on_lifecycle.cc, on_metadata_log.cc, on_alter_partition.cc,
// on_connection.cc, on_disk.cc, on_timer.cc.
#ifndef MODEL_KAFKA_BROKER_HANDLERS_H_
#define MODEL_KAFKA_BROKER_HANDLERS_H_

#include "model/kafka/broker/state.h"

namespace kafka::broker {

// The process and its host.
void OnStarted(const Context& ctx, Broker& self, const sim::Received<sim::Started>& event,
               Effects& out);
void OnStopRequested(const Context& ctx, Broker& self,
                     const sim::Received<sim::StopRequested>& event, Effects& out);
void OnTimer(const Context& ctx, Broker& self, const sim::Received<sim::TimerFired>& event,
             Effects& out);
void OnConnected(const Context& ctx, Broker& self, const sim::Received<sim::Connected>& event,
                 Effects& out);
void OnAccepted(const Context& ctx, Broker& self, const sim::Received<sim::Accepted>& event,
                Effects& out);
void OnDisconnected(const Context& ctx, Broker& self, const sim::Received<sim::Disconnected>& event,
                    Effects& out);
void OnFlushed(const Context& ctx, Broker& self, const sim::Received<sim::Flushed>& event,
               Effects& out);

// Clients and followers ask.
void OnApiVersions(const Context& ctx, Broker& self, const sim::Received<ApiVersionsRequest>& event,
                   Effects& out);
void OnProduce(const Context& ctx, Broker& self, const sim::Received<ProduceRequest>& event,
               Effects& out);
void OnFetch(const Context& ctx, Broker& self, const sim::Received<FetchRequest>& event,
             Effects& out);
void OnMetadataRequest(const Context& ctx, Broker& self,
                       const sim::Received<MetadataRequest>& event, Effects& out);
void OnInitProducerId(const Context& ctx, Broker& self,
                      const sim::Received<InitProducerIdRequest>& event, Effects& out);
void OnListOffsets(const Context& ctx, Broker& self, const sim::Received<ListOffsetsRequest>& event,
                   Effects& out);
void OnEpochEnd(const Context& ctx, Broker& self, const sim::Received<EpochEndRequest>& event,
                Effects& out);

// Leaders answer.
void OnFetchResponse(const Context& ctx, Broker& self, const sim::Received<FetchResponse>& event,
                     Effects& out);
void OnListOffsetsResponse(const Context& ctx, Broker& self,
                           const sim::Received<ListOffsetsResponse>& event, Effects& out);

// The controller answers.
void OnRegisterResponse(const Context& ctx, Broker& self,
                        const sim::Received<RegisterResponse>& event, Effects& out);
void OnHeartbeatResponse(const Context& ctx, Broker& self,
                         const sim::Received<HeartbeatResponse>& event, Effects& out);
void OnMetadataFetchResponse(const Context& ctx, Broker& self,
                             const sim::Received<MetadataFetchResponse>& event, Effects& out);
void OnAlterPartitionResponse(const Context& ctx, Broker& self,
                              const sim::Received<AlterPartitionResponse>& event, Effects& out);
void OnAllocateProducerIdResponse(const Context& ctx, Broker& self,
                                  const sim::Received<AllocateProducerIdResponse>& event,
                                  Effects& out);

}  // namespace kafka::broker

#endif  // MODEL_KAFKA_BROKER_HANDLERS_H_
