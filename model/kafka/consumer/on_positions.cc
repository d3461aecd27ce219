// Answers that make a position: of the store, of ListOffsets, of OffsetsForLeaderEpoch; and the
// answer to a commit.
#include "model/kafka/consumer/handlers.h"
#include "model/kafka/consumer/parts.h"

namespace kafka::consumer {
namespace {

// The partition that waits for this answer, or null.
Partition* Asker(Consumer& self, sim::ConnectionId connection, uint32_t correlation,
                 Partition::State state) {
  Node* node = NodeOf(self.process, connection);
  Request request;
  if (node == nullptr || !TakeRequest(*node, correlation, request)) return nullptr;
  Partition& partition = self.process.partitions[request.partition];
  if (partition.state != state || partition.asked != correlation) return nullptr;
  return &partition;
}

void TakeRetriable(const Context& ctx, Consumer& self, Partition& partition) {
  self.process.metadata.wanted = true;
  RetryLater(ctx, self, partition);
}

// KC:C-14: with its epoch, and so the leader is asked first whether it has that history (KC:C-19).
void SeekToCommitted(Partition& partition, Offset offset, LeaderEpoch epoch) {
  partition.position = offset;
  partition.position_epoch = epoch;
  const bool can_be_asked = epoch.value >= 0 && partition.leader_epoch.value >= 0;
  partition.state = can_be_asked ? Partition::State::kValidating : Partition::State::kFetching;
}

// KC:C-19.
void TakeEpochEnd(const Context& ctx, Consumer& self, Partition& partition,
                  const EpochEndResponse& answer, Effects& out) {
  const bool may_reset = SettingsOf(ctx, self).auto_offset_reset != ConsumerSettings::Reset::kNone;
  partition.asked = 0;
  const bool nobody_knows = answer.epoch.value < 0 || !answer.end.known();
  const bool cut = !nobody_knows && answer.end < partition.position;
  if (nobody_knows || (cut && !may_reset)) {
    return ResetByPolicy(ctx, self, partition, Partition::State::kLogTruncated);
  }
  if (cut) {  // to where the logs part, silently
    SetPosition(self, partition, answer.end, out);
    partition.position_epoch = answer.epoch;
  }
  partition.state = Partition::State::kFetching;
  partition.validated_epoch = partition.leader_epoch;
}

}  // namespace

void OnOffsetFetchResponse(const Context& ctx, Consumer& self,
                           const sim::Received<OffsetFetchResponse>& event, Effects& out) {
  Partition* partition =
      Asker(self, event.connection, event.body.correlation, Partition::State::kInitializing);
  if (partition != nullptr) {
    partition->asked = 0;
    if (event.body.offset.known()) {
      SeekToCommitted(*partition, event.body.offset, event.body.epoch);
    } else {
      ResetByPolicy(ctx, self, *partition, Partition::State::kNoOffset);
    }
  }
  Run(ctx, self, out);
}

void OnListOffsetsResponse(const Context& ctx, Consumer& self,
                           const sim::Received<ListOffsetsResponse>& event, Effects& out) {
  Partition* partition =
      Asker(self, event.connection, event.body.correlation, Partition::State::kResetting);
  if (partition != nullptr) {
    partition->asked = 0;
    if (event.body.error == Error::kNone) {
      SetPosition(self, *partition, event.body.offset, out);
      partition->position_epoch = {};  // KC:C-20: unknown until the next batch tells it
    } else {
      TakeRetriable(ctx, self, *partition);
    }
  }
  Run(ctx, self, out);
}

void OnEpochEndResponse(const Context& ctx, Consumer& self,
                        const sim::Received<EpochEndResponse>& event, Effects& out) {
  Partition* partition =
      Asker(self, event.connection, event.body.correlation, Partition::State::kValidating);
  if (partition != nullptr) {
    if (event.body.error == Error::kNone) {
      TakeEpochEnd(ctx, self, *partition, event.body, out);
    } else {
      TakeRetriable(ctx, self, *partition);
    }
  }
  Run(ctx, self, out);
}

void OnOffsetCommitResponse(const Context& ctx, Consumer& self,
                            const sim::Received<OffsetCommitResponse>& event, Effects& out) {
  Node* node = NodeOf(self.process, event.connection);
  Request request;
  if (node == nullptr || !TakeRequest(*node, event.body.correlation, request)) return;
  for (Work& work : self.process.app.work) {
    if (work.partition == request.partition) work.commit = Work::Commit::kDone;
  }
  Run(ctx, self, out);
}

}  // namespace kafka::consumer
