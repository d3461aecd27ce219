// model/kafka/broker/disk/recovery.h
//
// What a starting broker finds on its disk: logs, epochs, watermarks, recovery points
// (recovery.cc; KB:S-42..S-44).
//
// Leaves out:  segments: an unclean start scans each log from its beginning.
#ifndef MODEL_KAFKA_BROKER_DISK_RECOVERY_H_
#define MODEL_KAFKA_BROKER_DISK_RECOVERY_H_

#include "model/kafka/broker/state.h"

namespace kafka::broker {

// kNew: a run begins with a cluster that was just formed.
enum class LoadKind : uint8_t { kNew, kClean, kUnclean };
// One replica; returns how many bytes its scan reads.
uint64_t HostReplica(const Context& ctx, Process& process, PartitionId id, LoadKind kind,
                     Effects& out);
void LoadReplicas(const Context& ctx, Broker& self, LoadKind kind, Effects& out);

}  // namespace kafka::broker

#endif  // MODEL_KAFKA_BROKER_DISK_RECOVERY_H_
