// model/kafka/consumer/state.h
//
// A consumer process: the program that polls, and the library that it calls: positions, what has
// been fetched, commits, its network client.
//
// Survives:    nothing; a restart begins at what was committed (KC:C-14).
// Invariants:  (1) a position is that of the next record to hand out (KC:C-3); (2) at most one
//              fetch in flight a broker (KC:C-6); (3) what is buffered is used only if it starts at
//              the position (KC:C-9).
// Leaves out:  group membership and rebalances: a group has one consumer of a topic, which reads all
//              of it; read_committed, follower fetching, sessions.
#ifndef MODEL_KAFKA_CONSUMER_STATE_H_
#define MODEL_KAFKA_CONSUMER_STATE_H_

#include <cstdint>
#include <vector>

#include "model/kafka/client/state.h"
#include "model/kafka/context.h"
#include "model/programs/consumer_program.h"
#include "sim/id_map.h"
#include "sim/time.h"

namespace kafka::consumer {

struct Partition {
  // KC:C-1. The last three: auto.offset.reset=none, and poll() throws. Without a position (KC:C-14)
  // or after a truncation (KC:C-19) the next one does, before it hands out anything; an offset out
  // of range (KC:C-21) waits in the buffer behind what was fetched before it, which is handed out
  // first (KC:C-10).
  enum class State : uint8_t {
    kInitializing,
    kResetting,
    kValidating,
    kFetching,
    kNoOffset,
    kOutOfRange,
    kLogTruncated
  };
  PartitionId id;
  State state = State::kInitializing;
  bool caught_up = false;
  BrokerId leader;
  LeaderEpoch leader_epoch;
  LeaderEpoch position_epoch;   // of the last record handed out; -1: unknown (KC:C-20)
  LeaderEpoch validated_epoch;  // of the leader for whom the position was valid
  Offset position = Offset::Unknown();
  // What is fetched and not handed out: [buffer_from, buffer_end), from `entry` on.
  Offset buffer_from{0};
  Offset buffer_end{0};
  AppendedId entry;
  sim::MonoTime retry_at{};
  uint64_t uid = 0;    // of the last batch handed out; the partition's name before
  uint32_t asks = 0;   // requests about that uid
  uint32_t asked = 0;  // correlation of the request that the state waits for; 0: none in flight

  bool has_buffer() const { return buffer_from < buffer_end; }
  bool throws_at_once() const { return state == State::kNoOffset || state == State::kLogTruncated; }
  friend bool operator==(const Partition&, const Partition&) = default;
};

// What client::Request::kind says. The subject is the index of a partition; kMetadata and kFetch
// have none.
enum class RequestKind : uint8_t {
  kMetadata,
  kFetch,
  kListOffsets,
  kEpochEnd,
  kOffsetFetch,
  kOffsetCommit
};

// One offset of the commitSync() that the program called last.
struct Commit {
  enum class State : uint8_t { kWaits, kSent, kDone };
  uint16_t partition = 0;
  State state = State::kWaits;
  LeaderEpoch epoch;  // of the last record below it
  Offset offset;      // of the next record to read

  friend bool operator==(const Commit&, const Commit&) = default;
};

struct Process {
  programs::PollLoop program;  // what calls poll(); the library below knows nothing of it
  client::Client client{.metadata = {.wanted = true}, .nodes = {}};
  sim::MonoTime armed = sim::Never<sim::MonoTime>();
  std::vector<Commit> commits;        // none before the program has committed what a poll gave it
  std::vector<Partition> partitions;  // assigned ones
  std::vector<uint16_t> buffered;     // partitions with a buffer, in order of arrival

  friend bool operator==(const Process&, const Process&) = default;
};

struct Consumer {
  ConsumerIndex index;
  Process process;

  friend bool operator==(const Consumer&, const Consumer&) = default;
};

enum Timer : uint8_t { kClientTimer = 1, kProcessingTimer = 2, kStartTimer = 3 };

// Whether it has heard of that partition.
bool Knows(const Consumer& self, PartitionId partition);
// Has read, processed and, if its program does so, committed everything of `partition` below `end`;
// or it will never read it.
bool IsCaughtUp(const Consumer& self, PartitionId partition, Offset end);

void HashInto(sim::StableHash& hash, const Consumer& self);

}  // namespace kafka::consumer

#endif  // MODEL_KAFKA_CONSUMER_STATE_H_
