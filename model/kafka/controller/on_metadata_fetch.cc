// Brokers as observers of the metadata log, and the small requests (KB:C-30).
#include "model/kafka/controller/handlers.h"
#include "model/kafka/controller/records.h"

namespace kafka::controller {

// Parked until something beyond `from` is committed. A real poll also returns empty every 500 ms;
// nothing depends on that here, since a broken connection ends the wait by itself.
void OnMetadataFetch(const Context& ctx, Controller& self,
                     const sim::Received<MetadataFetchRequest>& event, Effects& out) {
  MetadataWait& wait = self.process.waits[event.body.broker];
  // A link that heals delivers what its broker has long given up; that must not take the place of
  // the request that the broker waits for now (each poll waits by itself in a real controller).
  if (wait.from >= 0 && wait.connection.serial() > event.connection.serial()) return;
  wait = {.connection = event.connection,
          .correlation = event.body.correlation,
          .from = event.body.from};
  AnswerMetadataWait(ctx, self.process, event.body.broker, out);
}

void OnAllocateProducerId(const Context& ctx, Controller& self,
                          const sim::Received<AllocateProducerIdRequest>& event, Effects& out) {
  const sim::About about{sim::HashName(ctx.setup->brokers[event.body.broker.value].name),
                         event.body.correlation};
  const int32_t id = self.process.next_producer_id++;
  out.Send({.connection = event.connection, .about = about},
           AllocateProducerIdResponse{.correlation = event.body.correlation, .producer_id = id});
}

void OnAccepted(const Context&, Controller&, const sim::Received<sim::Accepted>&, Effects&) {}

void OnDisconnected(const Context&, Controller& self, const sim::Received<sim::Disconnected>& event,
                    Effects&) {
  for (MetadataWait& wait : self.process.waits) {
    if (wait.from >= 0 && wait.connection == event.connection) wait = {};
  }
}

}  // namespace kafka::controller
