#include "model/kafka/vocabulary/errors.h"

#include <array>

namespace kafka {
namespace {

// In the order of Error.
constexpr std::array<const char*, static_cast<uint32_t>(Error::kIllegalArgument) + 1> kErrorNames =
    {"NONE",
     "OFFSET_OUT_OF_RANGE",
     "UNKNOWN_TOPIC_OR_PARTITION",
     "NOT_LEADER_OR_FOLLOWER",
     "REQUEST_TIMED_OUT",
     "NETWORK_EXCEPTION",
     "MESSAGE_TOO_LARGE",
     "NOT_ENOUGH_REPLICAS",
     "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
     "FENCED_LEADER_EPOCH",
     "UNKNOWN_LEADER_EPOCH",
     "OUT_OF_ORDER_SEQUENCE_NUMBER",
     "INVALID_PRODUCER_EPOCH",
     "STALE_BROKER_EPOCH",
     "DUPLICATE_BROKER_REGISTRATION",
     "INVALID_UPDATE_VERSION",
     "INVALID_REQUEST",
     "INELIGIBLE_REPLICA",
     "NOT_CONTROLLER",
     "OFFSET_NOT_AVAILABLE",
     "TimeoutException",
     "BufferExhaustedException",
     "RecordTooLargeException",
     "KafkaException: producer closed",
     "IllegalArgumentException"};
static_assert(kErrorNames.back() != nullptr, "an error without a name");

}  // namespace

const char* NameOf(Error error) {
  const auto index = static_cast<uint32_t>(error);
  return index < kErrorNames.size() ? kErrorNames[index] : "UNKNOWN";
}

}  // namespace kafka
