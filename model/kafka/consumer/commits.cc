#include "model/kafka/consumer/commits.h"

#include <algorithm>

#include "model/kafka/consumer/network.h"
#include "model/kafka/consumer/settings.h"

namespace kafka::consumer {

void BeginCommits(Process& process) {
  process.commits.clear();
  for (const programs::Work& work : process.program.work) {
    process.commits.push_back(
        {.partition = work.partition, .epoch = work.epoch, .offset = work.to});
  }
}

// The next record to read, of each partition of this poll (KC:C-35).
void SendCommits(const Context& ctx, Consumer& self, Effects& out) {
  Process& process = self.process;
  for (Commit& commit : process.commits) {
    if (commit.state != Commit::State::kWaits) continue;
    client::Node* store = ReadyNode(ctx, self, client::kOffsetStore, out);
    if (store == nullptr) return;
    Partition& partition = process.partitions[commit.partition];
    commit.state = Commit::State::kSent;
    const uint32_t correlation = client::Track(process.client, *store, RequestKind::kOffsetCommit,
                                               commit.partition, ctx.mono);
    const sim::About about{.uid = partition.uid, .attempt = partition.asks++};
    out.Send({.connection = store->connection, .about = about, .wire_bytes = client::kWireOverhead},
             OffsetCommitRequest{.correlation = correlation,
                                 .group = SetupOf(ctx, self).program.group,
                                 .partition = partition.id,
                                 .epoch = commit.epoch,
                                 .offset = commit.offset});
  }
}

bool CommitsAreDone(const Process& process) {
  return std::all_of(process.commits.begin(), process.commits.end(),
                     [](const Commit& commit) { return commit.state == Commit::State::kDone; });
}

void FinishCommit(Process& process, uint16_t partition) {
  for (Commit& commit : process.commits) {
    if (commit.partition == partition) commit.state = Commit::State::kDone;
  }
}

void LoseCommits(Process& process) {
  for (Commit& commit : process.commits) {
    if (commit.state == Commit::State::kSent) commit.state = Commit::State::kWaits;
  }
}

}  // namespace kafka::consumer
