// model/kafka/consumer/settings.h
//
// A consumer's settings as its parts ask for them, and the names of what it asks ctx.Choose.
//
// Leaves out:  reconnect.backoff.ms and the two maxima, which are Kafka's defaults here.
#ifndef MODEL_KAFKA_CONSUMER_SETTINGS_H_
#define MODEL_KAFKA_CONSUMER_SETTINGS_H_

#include <algorithm>

#include "model/kafka/client/settings.h"
#include "model/kafka/consumer/state.h"

namespace kafka::consumer {

// What ctx.Choose is asked. Part of recorded overrides: append only.
enum Purpose : uint32_t {
  kRetryJitter = 1,
  kReconnectJitter = 2,
  kMetadataJitter = 3,
  kLeastLoadedStart = 4,
};

inline const ConsumerSetup& SetupOf(const Context& ctx, const Consumer& self) {
  return ctx.setup->consumers[self.index.value];
}
inline const ConsumerSettings& SettingsOf(const Context& ctx, const Consumer& self) {
  return SetupOf(ctx, self).settings;
}

constexpr Duration kReconnectBackoff = sim::Milliseconds(50);       // reconnect.backoff.ms
constexpr Duration kReconnectBackoffMax = sim::Milliseconds(1000);  // reconnect.backoff.max.ms
constexpr Duration kRetryBackoffMax = sim::Milliseconds(1000);      // retry.backoff.max.ms

// A consumer's waits differ from Kafka's where retry.backoff.ms is unusual: below 32 ms they stop
// growing after five doublings, before the maximum; from the maximum on they jitter below it.
inline client::BackoffTerms BackoffOf(Duration base, Duration max) {
  return {.base = base,
          .max = max,
          .doublings_max = 5,
          .at_maximum = client::BackoffTerms::AtMaximum::kJitters};
}
// How long a partition waits before it asks again: always the first term, and not bounded by
// retry.backoff.max.ms.
inline client::BackoffTerms PositionRetry(const ConsumerSettings& settings) {
  return BackoffOf(settings.retry_backoff, std::max(settings.retry_backoff, kRetryBackoffMax));
}
// How its network client behaves. Requests in flight on a connection are not counted.
inline client::Settings ClientSettings(const ConsumerSettings& settings) {
  using AskedMeanwhile = client::Differences::AskedMeanwhile;
  return {.request_timeout = settings.request_timeout,
          .metadata_max_age = settings.metadata_max_age,
          .max_in_flight = client::Settings::kUnlimited,
          .metadata_kind = static_cast<uint8_t>(RequestKind::kMetadata),
          .reconnect = BackoffOf(kReconnectBackoff, kReconnectBackoffMax),
          .metadata_retry = BackoffOf(settings.retry_backoff, kRetryBackoffMax),
          .purposes = {.reconnect_jitter = kReconnectJitter,
                       .metadata_jitter = kMetadataJitter,
                       .least_loaded_start = kLeastLoadedStart},
          .differences = {.asked_meanwhile = AskedMeanwhile::kIsAskedAgain}};
}
inline client::Settings ClientSettingsOf(const Context& ctx, const Consumer& self) {
  return ClientSettings(SettingsOf(ctx, self));
}

}  // namespace kafka::consumer

#endif  // MODEL_KAFKA_CONSUMER_SETTINGS_H_
