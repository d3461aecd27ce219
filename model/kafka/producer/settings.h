// model/kafka/producer/settings.h
//
// A producer's settings as its parts ask for them, and the names of what it asks ctx.Choose.
#ifndef MODEL_KAFKA_PRODUCER_SETTINGS_H_
#define MODEL_KAFKA_PRODUCER_SETTINGS_H_

#include "model/kafka/client/settings.h"
#include "model/kafka/producer/state.h"

namespace kafka::producer {

// What ctx.Choose is asked. Part of recorded overrides: append only.
enum Purpose : uint32_t {
  kStickyPartition = 1,
  kRetryJitter = 2,
  kReconnectJitter = 3,
  kMetadataJitter = 4,
  kLeastLoadedStart = 5,
};

inline const ProducerSetup& SetupOf(const Context& ctx, const Producer& self) {
  return ctx.setup->producers[self.index.value];
}
inline const ProducerSettings& SettingsOf(const Context& ctx, const Producer& self) {
  return SetupOf(ctx, self).settings;
}
inline bool IsIdempotent(const Context& ctx, const Producer& self) {
  return SettingsOf(ctx, self).enable_idempotence;
}
// How its network client behaves.
inline client::Settings ClientSettings(const ProducerSettings& settings) {
  return {.request_timeout = settings.request_timeout,
          .metadata_max_age = settings.metadata_max_age,
          .max_in_flight = settings.max_in_flight,
          .metadata_kind = static_cast<uint8_t>(RequestKind::kMetadata),
          .recovery = settings.metadata_recovery,
          .reconnect = {.base = settings.reconnect_backoff, .max = settings.reconnect_backoff_max},
          .metadata_retry = {.base = settings.retry_backoff, .max = settings.retry_backoff_max},
          .purposes = {.reconnect_jitter = kReconnectJitter,
                       .metadata_jitter = kMetadataJitter,
                       .least_loaded_start = kLeastLoadedStart}};
}
inline client::Settings ClientSettingsOf(const Context& ctx, const Producer& self) {
  return ClientSettings(SettingsOf(ctx, self));
}

}  // namespace kafka::producer

#endif  // MODEL_KAFKA_PRODUCER_SETTINGS_H_
