// model/kafka/client/settings.h
//
// What an owner decides for its client: time-outs, back-offs, and the points in which a producer
// and a consumer of this model differ.
//
// Kafka has one network client for both. Each field of `Differences` names such a point; the first
// value is Kafka's rule, and what does otherwise keeps its own until it is changed on purpose.
#ifndef MODEL_KAFKA_CLIENT_SETTINGS_H_
#define MODEL_KAFKA_CLIENT_SETTINGS_H_

#include <cstdint>

#include "sim/time.h"

namespace kafka::client {

using sim::Duration;

// Waits that grow with each failure in a row (KC:P-9).
struct BackoffTerms {
  // What happens if the maximum is not above the base. Kafka's wait is constant then.
  enum class AtMaximum : uint8_t { kIsConstant, kJitters };
  static constexpr uint32_t kUntilMaximum = UINT32_MAX;

  Duration base{};
  Duration max{};
  uint32_t doublings_max = kUntilMaximum;  // Kafka doubles until the maximum is reached
  AtMaximum at_maximum = AtMaximum::kIsConstant;
};

// What ctx.Choose is asked. Part of recorded overrides, so that each owner keeps its own numbers.
struct Purposes {
  uint32_t reconnect_jitter = 0;
  uint32_t metadata_jitter = 0;
  uint32_t least_loaded_start = 0;
};

struct Differences {
  // An update that is asked for while one is under way: the answer to come satisfies it, even if it
  // was made before (KC:P-54); or it is asked again.
  enum class AskedMeanwhile : uint8_t { kIsAnswered, kIsAskedAgain };
  // While an update is wanted the client wakes for it alone; or when metadata.max.age.ms is over as
  // well.
  enum class MaxAgeWakes : uint8_t { kUnlessAsking, kAlways };

  AskedMeanwhile asked_meanwhile = AskedMeanwhile::kIsAnswered;
  MaxAgeWakes max_age_wakes = MaxAgeWakes::kUnlessAsking;
};

struct Settings {
  static constexpr uint32_t kUnlimited = UINT32_MAX;

  Duration request_timeout{};
  Duration metadata_max_age{};
  uint32_t max_in_flight = kUnlimited;  // of one connection
  uint8_t metadata_kind = 0;            // the owner's Request::kind of a metadata request
  BackoffTerms reconnect;
  BackoffTerms metadata_retry;
  Purposes purposes;
  Differences differences;
};

}  // namespace kafka::client

#endif  // MODEL_KAFKA_CLIENT_SETTINGS_H_
