#include "model/vocabulary/errors.h"

namespace kafka {

const char* NameOf(Error error) {
  switch (error) {
    case Error::kNone:
      return "NONE";
    case Error::kOffsetOutOfRange:
      return "OFFSET_OUT_OF_RANGE";
    case Error::kUnknownTopicOrPartition:
      return "UNKNOWN_TOPIC_OR_PARTITION";
    case Error::kNotLeaderOrFollower:
      return "NOT_LEADER_OR_FOLLOWER";
    case Error::kRequestTimedOut:
      return "REQUEST_TIMED_OUT";
    case Error::kNetworkException:
      return "NETWORK_EXCEPTION";
    case Error::kMessageTooLarge:
      return "MESSAGE_TOO_LARGE";
    case Error::kNotEnoughReplicas:
      return "NOT_ENOUGH_REPLICAS";
    case Error::kNotEnoughReplicasAfterAppend:
      return "NOT_ENOUGH_REPLICAS_AFTER_APPEND";
    case Error::kFencedLeaderEpoch:
      return "FENCED_LEADER_EPOCH";
    case Error::kUnknownLeaderEpoch:
      return "UNKNOWN_LEADER_EPOCH";
    case Error::kOutOfOrderSequenceNumber:
      return "OUT_OF_ORDER_SEQUENCE_NUMBER";
    case Error::kInvalidProducerEpoch:
      return "INVALID_PRODUCER_EPOCH";
    case Error::kStaleBrokerEpoch:
      return "STALE_BROKER_EPOCH";
    case Error::kDuplicateBrokerRegistration:
      return "DUPLICATE_BROKER_REGISTRATION";
    case Error::kInvalidUpdateVersion:
      return "INVALID_UPDATE_VERSION";
    case Error::kInvalidRequest:
      return "INVALID_REQUEST";
    case Error::kIneligibleReplica:
      return "INELIGIBLE_REPLICA";
    case Error::kNotController:
      return "NOT_CONTROLLER";
    case Error::kOffsetNotAvailable:
      return "OFFSET_NOT_AVAILABLE";
    case Error::kTimeout:
      return "TimeoutException";
    case Error::kBufferExhausted:
      return "BufferExhaustedException";
    case Error::kRecordTooLarge:
      return "RecordTooLargeException";
    case Error::kProducerClosed:
      return "KafkaException: producer closed";
  }
  return "UNKNOWN";
}

}  // namespace kafka
