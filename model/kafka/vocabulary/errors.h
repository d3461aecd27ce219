// model/kafka/vocabulary/errors.h
//
// Kafka's error codes, as data: those that some part of the model answers or reacts to.
#ifndef MODEL_KAFKA_VOCABULARY_ERRORS_H_
#define MODEL_KAFKA_VOCABULARY_ERRORS_H_

#include <cstdint>

namespace kafka {

enum class Error : uint8_t {
  kNone = 0,
  kOffsetOutOfRange,
  kUnknownTopicOrPartition,
  kNotLeaderOrFollower,
  kRequestTimedOut,
  kNetworkException,  // the client's own: disconnected with the request in flight
  kMessageTooLarge,
  kNotEnoughReplicas,
  kNotEnoughReplicasAfterAppend,
  kFencedLeaderEpoch,
  kUnknownLeaderEpoch,
  kOutOfOrderSequenceNumber,
  kInvalidProducerEpoch,
  kStaleBrokerEpoch,
  kDuplicateBrokerRegistration,
  kInvalidUpdateVersion,
  kInvalidRequest,
  kIneligibleReplica,
  kNotController,
  kOffsetNotAvailable,
  kTimeout,          // the client's own: delivery.timeout.ms, or metadata wait in send()
  kBufferExhausted,  // the client's own: max.block.ms with buffer.memory full
  kRecordTooLarge,   // the client's own: above max.request.size
  kProducerClosed,   // the client's own
  kIllegalArgument,  // the client's own: a batch that buffer.memory can never hold
};

// Kafka's own name, e.g. "NOT_LEADER_OR_FOLLOWER".
const char* NameOf(Error error);

}  // namespace kafka

#endif  // MODEL_KAFKA_VOCABULARY_ERRORS_H_
