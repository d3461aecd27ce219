// model/kafka/broker/requests/request_threads.h
//
// The request threads (num.io.threads): a request takes one, or waits for one as it came.
//
// Leaves out:  service times. A thread is busy only while an inline flush (KB:P-23), a write that
//              the kernel holds back, or the lock that one of them holds keeps a produce request
//              waiting; all else is over at once.
#ifndef MODEL_KAFKA_BROKER_REQUESTS_REQUEST_THREADS_H_
#define MODEL_KAFKA_BROKER_REQUESTS_REQUEST_THREADS_H_

#include <span>

#include "model/kafka/broker/state.h"

namespace kafka::broker {

using RequestBodies =
    sim::List<ProduceRequest, FetchRequest, MetadataRequest, InitProducerIdRequest,
              ListOffsetsRequest, EpochEndRequest, ApiVersionsRequest>;

void Queue(Process& process, ConnectionId connection, uint8_t kind, std::span<const std::byte> head,
           std::span<const std::byte> items);

// Serves those that wait, as far as there are threads.
void RunQueued(const Context& ctx, Broker& self, Effects& out);

// As it came.
template <typename B>
void Queue(Process& process, const sim::Received<B>& event) {
  std::span<const std::byte> items;
  if constexpr (!std::is_same_v<typename sim::ItemOf<B>::type, sim::NoItem>) {
    items = std::as_bytes(event.items);
  }
  Queue(process, event.connection, static_cast<uint8_t>(RequestBodies::IndexOf<B>()),
        std::as_bytes(std::span<const B, 1>(&event.body, 1)), items);
}

// False: nobody serves requests (stopping), or it waits in the queue.
template <typename B>
bool TakesThread(const Context& ctx, Broker& self, const sim::Received<B>& event) {
  if (!Serves(self.process)) return false;
  if (self.process.threads_busy < SettingsOf(ctx, self).num_io_threads) [[likely]]
    return true;
  Queue(self.process, event);
  return false;
}

}  // namespace kafka::broker

#endif  // MODEL_KAFKA_BROKER_REQUESTS_REQUEST_THREADS_H_
