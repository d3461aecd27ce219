// model/kafka/consumer/handlers.h
//
// What a consumer reacts to: on_lifecycle.cc, on_network.cc, on_fetch_response.cc, on_positions.cc.
#ifndef MODEL_KAFKA_CONSUMER_HANDLERS_H_
#define MODEL_KAFKA_CONSUMER_HANDLERS_H_

#include "model/kafka/consumer/state.h"

namespace kafka::consumer {

void OnStarted(const Context& ctx, Consumer& self, const sim::Received<sim::Started>& event,
               Effects& out);
void OnStopRequested(const Context& ctx, Consumer& self,
                     const sim::Received<sim::StopRequested>& event, Effects& out);
void OnTimer(const Context& ctx, Consumer& self, const sim::Received<sim::TimerFired>& event,
             Effects& out);
void OnConnected(const Context& ctx, Consumer& self, const sim::Received<sim::Connected>& event,
                 Effects& out);
void OnDisconnected(const Context& ctx, Consumer& self,
                    const sim::Received<sim::Disconnected>& event, Effects& out);
void OnApiVersionsResponse(const Context& ctx, Consumer& self,
                           const sim::Received<ApiVersionsResponse>& event, Effects& out);
void OnMetadataResponse(const Context& ctx, Consumer& self,
                        const sim::Received<MetadataResponse>& event, Effects& out);
void OnFetchResponse(const Context& ctx, Consumer& self, const sim::Received<FetchResponse>& event,
                     Effects& out);
void OnListOffsetsResponse(const Context& ctx, Consumer& self,
                           const sim::Received<ListOffsetsResponse>& event, Effects& out);
void OnEpochEndResponse(const Context& ctx, Consumer& self,
                        const sim::Received<EpochEndResponse>& event, Effects& out);
void OnOffsetFetchResponse(const Context& ctx, Consumer& self,
                           const sim::Received<OffsetFetchResponse>& event, Effects& out);
void OnOffsetCommitResponse(const Context& ctx, Consumer& self,
                            const sim::Received<OffsetCommitResponse>& event, Effects& out);

}  // namespace kafka::consumer

#endif  // MODEL_KAFKA_CONSUMER_HANDLERS_H_
