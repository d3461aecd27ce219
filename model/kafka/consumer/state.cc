#include "model/kafka/consumer/state.h"

#include "model/kafka/consumer/network.h"

namespace kafka::consumer {

bool Knows(const Consumer& self, PartitionId partition) {
  const auto& known = self.process.partitions;
  return std::any_of(known.begin(), known.end(),
                     [&](const Partition& each) { return each.id == partition; });
}

bool IsCaughtUp(const Consumer& self, PartitionId partition, Offset end) {
  const Process& process = self.process;
  for (uint16_t i = 0; i < process.partitions.size(); ++i) {
    const Partition& mine = process.partitions[i];
    if (mine.id != partition) continue;
    if (process.program.state == programs::PollLoop::State::kEnded) return true;
    // Beyond the end: the log was cut, and the consumer has not noticed yet.
    if (mine.state != Partition::State::kFetching || mine.position != end) return false;
    for (const programs::Work& work : process.program.work) {
      if (work.partition == i) return false;
    }
    return true;
  }
  return process.program.state != programs::PollLoop::State::kWaiting;
}

void HashInto(sim::StableHash& hash, const Partition& partition) {
  const auto& [id, state, caught_up, leader, leader_epoch, position_epoch, validated_epoch,
               position, buffer_from, buffer_end, entry, retry_at, uid, asks, asked] = partition;
  hash(id, state, caught_up, leader, leader_epoch, position_epoch, validated_epoch, position,
       buffer_from, buffer_end, entry, retry_at, uid, asks, asked);
}

namespace {

constexpr uint16_t kOfNoPartition = 0;  // hashed for a request that is about none

// Request by request and node by node in the order in which a consumer's state has always been
// hashed.
void HashNode(sim::StableHash& hash, const client::Node& node) {
  const auto& [state, failures, connects, connection, retry_at, setup_deadline, in_flight] = node;
  hash(state, failures, IsFetching(node), connects, connection, retry_at, setup_deadline,
       in_flight.size());
  for (const client::Request& request : in_flight) {
    const auto& [kind, correlation, subject, sent] = request;
    hash(kind, subject == client::kNoSubject ? kOfNoPartition : subject, correlation, sent);
  }
}

// The program's work, each piece with its commit, which is none before the program has committed.
void HashWork(sim::StableHash& hash, const programs::PollLoop& program,
              const std::vector<Commit>& commits) {
  const auto& [state, pieces] = program;
  hash(state, pieces.size());
  for (size_t i = 0; i < pieces.size(); ++i) {
    const auto& [partition, epoch, entry, from, to] = pieces[i];
    const Commit commit = i < commits.size() ? commits[i] : Commit{};
    const auto& [commit_partition, commit_state, commit_epoch, offset] = commit;
    hash(partition, commit_state, epoch, entry, from, to);
    (void)commit_partition, (void)commit_epoch, (void)offset;  // the piece's own
  }
}

}  // namespace

void HashInto(sim::StableHash& hash, const Process& process) {
  const auto& [program, client, armed, commits, partitions, buffered] = process;
  const auto& [name, correlation, metadata, nodes] = client;
  const auto& [wanted, in_flight, known, requests, unchanged, next_allowed, last_success] =
      metadata;
  hash(name, correlation, armed);
  HashWork(hash, program, commits);
  hash(wanted, in_flight, known, requests, unchanged, next_allowed, last_success, partitions,
       buffered);
  for (const client::Node& node : nodes) HashNode(hash, node);
}

void HashInto(sim::StableHash& hash, const Consumer& self) {
  const auto& [index, process] = self;
  hash(index, process);
}

}  // namespace kafka::consumer
