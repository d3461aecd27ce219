// model/kafka/consumer/settings.h
//
// A consumer's settings as its parts ask for them, and the names of what it asks ctx.Choose.
#ifndef MODEL_KAFKA_CONSUMER_SETTINGS_H_
#define MODEL_KAFKA_CONSUMER_SETTINGS_H_

#include "model/kafka/client/settings.h"
#include "model/kafka/consumer/state.h"

namespace kafka::consumer {

// What ctx.Choose is asked. Part of recorded overrides: append only.
enum Purpose : uint32_t {
  kRetryJitter = 1,  // nobody's any more
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

// How its network client behaves. Requests in flight on a connection are not counted.
inline client::Settings ClientSettings(const ConsumerSettings& settings) {
  return {.request_timeout = settings.request_timeout,
          .metadata_max_age = settings.metadata_max_age,
          .max_in_flight = client::Settings::kUnlimited,
          .metadata_kind = static_cast<uint8_t>(RequestKind::kMetadata),
          .recovery = settings.metadata_recovery,
          .reconnect = {.base = settings.reconnect_backoff, .max = settings.reconnect_backoff_max},
          .metadata_retry = {.base = settings.retry_backoff, .max = settings.retry_backoff_max},
          .purposes = {.reconnect_jitter = kReconnectJitter,
                       .metadata_jitter = kMetadataJitter,
                       .least_loaded_start = kLeastLoadedStart}};
}
inline client::Settings ClientSettingsOf(const Context& ctx, const Consumer& self) {
  return ClientSettings(SettingsOf(ctx, self));
}

}  // namespace kafka::consumer

#endif  // MODEL_KAFKA_CONSUMER_SETTINGS_H_
