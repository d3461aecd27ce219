// model/kafka/offsets/state.h
//
// Where groups keep their committed offsets.
//
// Survives:    everything: a durable store that no fault reaches (printed under assumed).
// Models:      last write wins, with no look at what was there (KC:C-5).
// Leaves out:  the group coordinator: members, generations, retention of offsets, and that the real
//              store is itself a replicated partition.
#ifndef MODEL_KAFKA_OFFSETS_STATE_H_
#define MODEL_KAFKA_OFFSETS_STATE_H_

#include <vector>

#include "model/kafka/context.h"

namespace kafka::offsets {

struct CommittedOffset {
  GroupId group;
  PartitionId partition;
  Offset offset;
  LeaderEpoch epoch;  // as the consumer said (KC:C-5)
  friend bool operator==(const CommittedOffset&, const CommittedOffset&) = default;
};

struct Process {
  friend bool operator==(const Process&, const Process&) = default;
};

struct OffsetStore {
  std::vector<CommittedOffset> committed;  // in the order of first commits
  Process process;
  friend bool operator==(const OffsetStore&, const OffsetStore&) = default;
};

void HashInto(sim::StableHash& hash, const CommittedOffset& committed);
void HashInto(sim::StableHash& hash, const OffsetStore& store);

}  // namespace kafka::offsets

#endif  // MODEL_KAFKA_OFFSETS_STATE_H_
