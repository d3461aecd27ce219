// model/kafka/producer/partitioner.h
//
// Where a record goes: its key's murmur2, or the sticky partition (KC:P-19, P-20).
#ifndef MODEL_KAFKA_PRODUCER_PARTITIONER_H_
#define MODEL_KAFKA_PRODUCER_PARTITIONER_H_

#include <cstdint>
#include <string_view>

#include "model/kafka/producer/state.h"

namespace kafka::producer {

// As Kafka's Utils.murmur2.
int32_t Murmur2(std::string_view data);
// A key's bytes are its decimal digits.
uint16_t PartitionForKey(uint32_t key, uint16_t partition_count);
uint32_t KeyBytes(uint32_t key);

// The partition of a record; chooses a sticky one if there is none.
uint16_t ChoosePartition(const Context& ctx, Producer& self, const Record& record,
                         uint32_t record_bytes);
// After an append of which the sticky partition has had a whole batch's bytes (KC:P-20).
// `tail_full`: the queue is empty or its tail takes no more.
void MaybeUnstick(const Context& ctx, Producer& self, bool tail_full);

}  // namespace kafka::producer

#endif  // MODEL_KAFKA_PRODUCER_PARTITIONER_H_
