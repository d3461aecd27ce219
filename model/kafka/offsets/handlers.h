// model/kafka/offsets/handlers.h
//
// What the offset store reacts to.
#ifndef MODEL_KAFKA_OFFSETS_HANDLERS_H_
#define MODEL_KAFKA_OFFSETS_HANDLERS_H_

#include "model/kafka/offsets/state.h"

namespace kafka::offsets {

void OnStarted(const Context& ctx, OffsetStore& self, const sim::Received<sim::Started>& event,
               Effects& out);
void OnStopRequested(const Context& ctx, OffsetStore& self,
                     const sim::Received<sim::StopRequested>& event, Effects& out);
void OnAccepted(const Context& ctx, OffsetStore& self, const sim::Received<sim::Accepted>& event,
                Effects& out);
void OnDisconnected(const Context& ctx, OffsetStore& self,
                    const sim::Received<sim::Disconnected>& event, Effects& out);
void OnApiVersions(const Context& ctx, OffsetStore& self,
                   const sim::Received<ApiVersionsRequest>& event, Effects& out);
void OnCommit(const Context& ctx, OffsetStore& self,
              const sim::Received<OffsetCommitRequest>& event, Effects& out);
void OnFetch(const Context& ctx, OffsetStore& self, const sim::Received<OffsetFetchRequest>& event,
             Effects& out);

}  // namespace kafka::offsets

#endif  // MODEL_KAFKA_OFFSETS_HANDLERS_H_
