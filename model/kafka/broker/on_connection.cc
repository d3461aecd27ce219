// Connections: those that clients open here, and those that this broker opens.
#include <algorithm>

#include "model/kafka/broker/connections.h"
#include "model/kafka/broker/handlers.h"
#include "model/kafka/broker/lifecycle.h"
#include "model/kafka/broker/replication/fetcher.h"
#include "model/kafka/broker/requests/long_poll.h"
#include "model/kafka/broker/timers.h"

namespace kafka::broker {
namespace {

Link* ControllerLinkAt(Process& process, ConnectionId connection, ControllerLink& which) {
  for (uint8_t i = 0; i < process.links.size(); ++i) {
    if (process.links[i].connection != connection) continue;
    which = static_cast<ControllerLink>(i);
    return &process.links[i];
  }
  return nullptr;
}

// What a client had in the broker when it left: appends stand, answers go nowhere, long polls go.
void DropClient(Process& process, ConnectionId connection) {
  std::erase_if(process.clients,
                [connection](const ClientConnection& client) { return client.id == connection; });
  for (PendingProduce& produce : process.produces) {
    if (produce.connection == connection) produce.connection = {};
  }
  std::erase_if(process.producer_ids, [connection](const WaitingProducerId& waiting) {
    return waiting.connection == connection;
  });
  DropFetches(process, connection);
}

}  // namespace

void CloseClients(Process& process, Effects& out) {
  while (!process.clients.empty()) {
    const ConnectionId connection = process.clients.back().id;
    out.Close(connection);
    DropClient(process, connection);
  }
}

void OnAccepted(const Context&, Broker& self, const sim::Received<sim::Accepted>& event,
                Effects& out) {
  Process& process = self.process;
  // The kernel had taken it from the queue of a port that has closed since (a pause lay between).
  if (!Serves(process)) return out.Close(event.connection);
  process.clients.push_back({.id = event.connection, .about = {}});
}

void OnConnected(const Context& ctx, Broker& self, const sim::Received<sim::Connected>& event,
                 Effects& out) {
  Process& process = self.process;
  ControllerLink which{};
  if (Link* link = ControllerLinkAt(process, event.connection, which)) {
    link->state = Link::State::kUp;
    return OnControllerUp(ctx, self, which, out);
  }
  Fetcher* fetcher = FetcherAt(process, event.connection);
  if (fetcher == nullptr) return out.Close(event.connection);
  fetcher->link.state = Link::State::kUp;
  out.CancelTimer({kFetcherTimer, kFetcherRole, fetcher->source.value});
  SendNextFetch(ctx, self, *fetcher, out);
}

void OnDisconnected(const Context& ctx, Broker& self, const sim::Received<sim::Disconnected>& event,
                    Effects& out) {
  Process& process = self.process;
  ControllerLink which{};
  if (ControllerLinkAt(process, event.connection, which) != nullptr) {
    return LoseController(ctx, self, which, out);
  }
  if (Fetcher* fetcher = FetcherAt(process, event.connection)) {
    return LoseFetcher(ctx, self, *fetcher, out);
  }
  DropClient(process, event.connection);
}

}  // namespace kafka::broker
