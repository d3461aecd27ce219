// model/kafka/broker/replication/fetcher.h
//
// Fetcher threads: one for each broker that is fetched from, one request in flight (fetcher.cc;
// KB:R-38..R-46).
//
// Leaves out:  num.replica.fetchers above 1, fetch sessions.
#ifndef MODEL_KAFKA_BROKER_REPLICATION_FETCHER_H_
#define MODEL_KAFKA_BROKER_REPLICATION_FETCHER_H_

#include "model/kafka/broker/state.h"

namespace kafka::broker {

// The fetcher with that connection, or of that leader; null if there is none.
Fetcher* FetcherAt(Process& process, ConnectionId connection);
Fetcher* FetcherOf(Process& process, BrokerId source);
// Requires: the partition follows a leader that is alive.
void StartFetching(const Context& ctx, Broker& self, Partition& partition, Effects& out);
void StopFetching(Partition& partition);
// Ends the fetchers that have no partition left.
void RetireIdleFetchers(Broker& self, Effects& out);
void SendNextFetch(const Context& ctx, Broker& self, Fetcher& fetcher, Effects& out);
void OpenFetcher(Fetcher& fetcher, Effects& out);
void LoseFetcher(const Context& ctx, Broker& self, Fetcher& fetcher, Effects& out);
// True, and the connection is given up, if the answer that has just come is too late.
bool GiveUpOverdue(const Context& ctx, Broker& self, Fetcher& fetcher, Effects& out);
void OnFetcherTimer(const Context& ctx, Broker& self, BrokerId source, Effects& out);
// The disk that a follower's fetcher waited for is done (KB:R-17): on with the answers in hand, then
// the next fetch.
void ResumeFetcher(const Context& ctx, Broker& self, const Partition& partition, Effects& out);
// The fetcher's write() returns at last: it flushes if it has to (KB:R-17), or fetches on.
void ReleaseFollower(const Context& ctx, Broker& self, PartitionId partition, Effects& out);

}  // namespace kafka::broker

#endif  // MODEL_KAFKA_BROKER_REPLICATION_FETCHER_H_
