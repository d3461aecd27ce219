// model/kafka/broker/metadata_log.h
//
// The metadata log as a broker observes it: fetched, delayed, and applied batch by batch, to the
// cache first and then to the replicas (on_metadata_log.cc; KB:C-30, C-35).
//
// Invariants:  metadata_applied <= metadata_due <= metadata_received.
// Leaves out:  snapshots of the metadata log.
#ifndef MODEL_KAFKA_BROKER_METADATA_LOG_H_
#define MODEL_KAFKA_BROKER_METADATA_LOG_H_

#include "model/kafka/broker/state.h"

namespace kafka::broker {

void FetchMetadata(const Context& ctx, Broker& self, Effects& out);
// Unless one is under way, or nothing has arrived, or the broker may not publish yet (KB:C-1).
void MaybeScheduleApply(const Context& ctx, Broker& self, Effects& out);
// Records below metadata offset `to`, of a cluster that was formed before the run: its epochs have
// long been written, and nobody waits for a disk.
void ApplyAtOnce(const Context& ctx, Broker& self, int64_t to, Effects& out);
void OnMetadataTimer(const Context& ctx, Broker& self, Effects& out);
// The fsync of a new leader's epoch is done.
void OnLeaderSynced(const Context& ctx, Broker& self, Partition& partition, Effects& out);
// A disk is done: metadata that waited for it is applied.
void ResumePublisher(const Context& ctx, Broker& self, Effects& out);

}  // namespace kafka::broker

#endif  // MODEL_KAFKA_BROKER_METADATA_LOG_H_
