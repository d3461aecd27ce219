// model/kafka/consumer/parts.h
//
// The parts of a consumer as they call each other: program, positions, fetcher, network. Each is
// one .cc of that name.
#ifndef MODEL_KAFKA_CONSUMER_PARTS_H_
#define MODEL_KAFKA_CONSUMER_PARTS_H_

#include <optional>

#include "model/kafka/consumer/state.h"

namespace kafka::consumer {

constexpr uint32_t kWireOverhead = 100;

// What ctx.Choose is asked. Part of recorded overrides: append only.
enum Purpose : uint32_t {
  kRetryJitter = 1,
  kReconnectJitter = 2,
  kMetadataJitter = 3,
  kLeastLoadedStart = 4,
};

inline const ConsumerSetup& SetupOf(const Context& ctx, const Consumer& self) {
  return ctx.setup->consumers[self.index.value];
}
inline const ConsumerSettings& SettingsOf(const Context& ctx, const Consumer& self) {
  return SetupOf(ctx, self).settings;
}

// ---- program.cc ----
// Goes on with the loop as far as it can without waiting.
void RunProgram(const Context& ctx, Consumer& self, Effects& out);
void FinishProcessing(const Context& ctx, Consumer& self, Effects& out);
void SendCommits(const Context& ctx, Consumer& self, Effects& out);
// Everything that has no answer is sent again.
void LoseCommits(Process& process);
// All parts of the consumer until none can go on; then the timer.
void Run(const Context& ctx, Consumer& self, Effects& out);

// ---- positions.cc ----
// Sends what partitions without a valid position wait for.
void AskForPositions(const Context& ctx, Consumer& self, Effects& out);
// KC:C-21; without a policy the partition gets that state.
void ResetByPolicy(const Context& ctx, const Consumer& self, Partition& partition,
                   Partition::State without);
void SetPosition(const Consumer& self, Partition& partition, Offset position, Effects& out);
void AcceptLeader(Partition& partition, BrokerId leader, LeaderEpoch epoch);  // KC:P-55, C-19
void RetryLater(const Context& ctx, const Consumer& self, Partition& partition);

// ---- fetcher.cc ----
void SendFetches(const Context& ctx, Consumer& self, Effects& out);
// Hands out up to max.poll.records (KC:C-9), and stops before what throws (KC:C-10). Returns that
// partition's index if nothing was to be handed out before it.
std::optional<uint16_t> Collect(const Context& ctx, Consumer& self, Effects& out);
void DropBuffer(Process& process, uint16_t partition);

// ---- network.cc ----
// The connection's node, or null.
Node* NodeOf(Process& process, sim::ConnectionId connection);
// A ready connection to that machine, or null: then one is being made.
Node* ReadyNode(const Context& ctx, Consumer& self, BrokerId broker, Effects& out);
Node* ReadyStore(const Context& ctx, Consumer& self, Effects& out);
uint32_t Track(const Context& ctx, Process& process, Node& node, Request::Kind kind,
               uint16_t partition);
// Takes the request with that number off; false if there is none.
bool TakeRequest(Node& node, uint32_t correlation, Request& request);
void LoseConnection(const Context& ctx, Consumer& self, Node& node);
void MaybeSendMetadata(const Context& ctx, Consumer& self, Effects& out);
void MetadataArrived(const Context& ctx, Consumer& self, bool changed);
void CheckTimeouts(const Context& ctx, Consumer& self, Effects& out);
sim::MonoTime NextNetworkTime(const Context& ctx, const Consumer& self);
Duration Jittered(const Context& ctx, Duration term, Purpose purpose, sim::About about);

}  // namespace kafka::consumer

#endif  // MODEL_KAFKA_CONSUMER_PARTS_H_
