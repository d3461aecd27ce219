// model/kafka/broker/disk/checkpoints.h
//
// Checkpoint files, flushes, and the orderly end of a process (on_disk.cc).
//
// Invariants:  a recovery point rises only when an fsync of its log is done (KB:S-4).
#ifndef MODEL_KAFKA_BROKER_DISK_CHECKPOINTS_H_
#define MODEL_KAFKA_BROKER_DISK_CHECKPOINTS_H_

#include "model/kafka/broker/state.h"

namespace kafka::broker {

// Whom an fsync is for: comes back in Flushed::token.
enum FlushPurpose : uint16_t {
  kCheckpointFlush = 0,  // nobody waits for it
  kInlineFlush,
  kFollowerFlush,
  kFollowerSync,  // of an epoch, or of what a truncation leaves: the fetcher waits
  kLeaderSync,    // of a new epoch: the publisher waits, under the partition's lock
  kPeriodicFlush,
  kStopFlush,  // one of several
  kStopRecoveryPoints,
  kStopMarker,
};
constexpr uint32_t FlushToken(FlushPurpose purpose, PartitionId partition = {0}) {
  return uint32_t{purpose} << 16 | partition.value;
}

// Something that the next high-watermark checkpoint will write has changed.
void Touch(const Context& ctx, Broker& self, Effects& out);
void WriteHighWatermarks(Broker& self, uint32_t token, Effects& out);
// `snapshots`: of producer state, fsynced just before.
void WriteRecoveryPoints(const Context& ctx, Broker& self, uint32_t token, Effects& out,
                         uint32_t snapshots = 0);
void WriteEpochs(const Partition& partition, FlushPurpose purpose, Effects& out);
// One flush of a log fsyncs the log, its two indexes and, the first time, its directory (KB:S-4).
void FlushLog(const Partition& partition, FlushPurpose purpose, sim::About about, Effects& out);
// The logs whose flush.ms is over.
void FlushDueLogs(const Context& ctx, Broker& self, Effects& out);
// Closes the port and every connection, then flushes everything; the marker of a clean stop comes
// last (KB:E-42, E-43).
void BeginStopping(const Context& ctx, Broker& self, Effects& out);

}  // namespace kafka::broker

#endif  // MODEL_KAFKA_BROKER_DISK_CHECKPOINTS_H_
