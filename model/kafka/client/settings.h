// model/kafka/client/settings.h
//
// What an owner decides for its client: time-outs, back-offs, and what it does when nobody is left.
#ifndef MODEL_KAFKA_CLIENT_SETTINGS_H_
#define MODEL_KAFKA_CLIENT_SETTINGS_H_

#include <cstdint>

#include "model/kafka/setup.h"
#include "sim/time.h"

namespace kafka::client {

using sim::Duration;

// Waits that grow with each failure in a row (KC:P-9).
struct BackoffTerms {
  Duration base{};
  Duration max{};  // not above the base: the wait is always that
};

// What ctx.Choose is asked. Part of recorded overrides, so that each owner keeps its own numbers.
struct Purposes {
  uint32_t reconnect_jitter = 0;
  uint32_t metadata_jitter = 0;
  uint32_t least_loaded_start = 0;
};

struct Settings {
  static constexpr uint32_t kUnlimited = UINT32_MAX;

  Duration request_timeout{};
  Duration metadata_max_age{};
  uint32_t max_in_flight = kUnlimited;  // of one connection
  uint8_t metadata_kind = 0;            // the owner's Request::kind of a metadata request
  MetadataRecovery recovery = MetadataRecovery::kRebootstrap;
  BackoffTerms reconnect;
  BackoffTerms metadata_retry;
  Purposes purposes;
};

}  // namespace kafka::client

#endif  // MODEL_KAFKA_CLIENT_SETTINGS_H_
