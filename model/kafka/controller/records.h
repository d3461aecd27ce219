// model/kafka/controller/records.h
//
// What every write of the controller goes through: records into the metadata log, replies that wait
// for their commit, and the partition changes that an event about a broker brings (KB:3.2).
#ifndef MODEL_KAFKA_CONTROLLER_RECORDS_H_
#define MODEL_KAFKA_CONTROLLER_RECORDS_H_

#include "model/kafka/controller/partition_change.h"
#include "model/kafka/controller/state.h"

namespace kafka::controller {

// Appends a record about a broker; it is committed after the append linger (KB:C-50).
void WriteBroker(const Context& ctx, Process& process, MetadataRecord::Kind kind, BrokerId broker,
                 BrokerEpoch epoch, Effects& out);

// Changes one partition if that is no no-op: record, state, PartitionState.
void WritePartition(const Context& ctx, Process& process, PartitionId partition,
                    ChangeRequest request, Effects& out);

// The partition's new state, as it stands: record, state, PartitionState.
void WriteState(const Context& ctx, Process& process, PartitionId partition,
                const ChangeResult& result, Effects& out);
// A setting of a topic, or of the cluster.
void WriteSetting(const Context& ctx, Process& process, const MetadataRecord& record, Effects& out);

// What a change of `partition` may rely on at this moment; target_isr is the current ISR.
ChangeRequest RequestFor(const Context& ctx, const Process& process, PartitionId partition);

// Removes `broker` from every ISR that it is in (fenced, shutting down, re-registered cleanly).
void RemoveFromIsrs(const Context& ctx, Process& process, BrokerId broker, Effects& out);
// An unclean restart: from every ISR and ELR (KB:E-13).
void RemoveUncleanly(const Context& ctx, Process& process, BrokerId broker, Effects& out);
// Tries to elect for every leaderless partition (KB:3.2, unfenced).
void ElectForLeaderless(const Context& ctx, Process& process, Effects& out);
// Gives every partition that somebody else leads back to its preferred replica, if that is in sync
// and may lead (KB:E-30).
void BalanceLeaders(const Context& ctx, Process& process, Effects& out);

// Ends the session of `broker`: leaves ISRs, then the FENCE record, in one batch (KB:C-6).
void Fence(const Context& ctx, Process& process, BrokerId broker, FenceReason reason, Effects& out);

// The reply leaves when everything written so far is committed; at once if it is.
void Reply(const Context& ctx, Process& process, PendingReply reply, Effects& out);
// Everything written is committed now: replies and long polls are answered.
void Commit(const Context& ctx, Process& process, Effects& out);
void AnswerMetadataWait(const Context& ctx, Process& process, BrokerId broker, Effects& out);

// Re-arms the check for expired sessions, on its grid of session / 8 (KB:C-6).
void ArmSessionCheck(const Context& ctx, const Process& process, Effects& out);

}  // namespace kafka::controller

#endif  // MODEL_KAFKA_CONTROLLER_RECORDS_H_
