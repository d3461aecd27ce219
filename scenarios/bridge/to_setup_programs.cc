// The programs that send and read, with the settings of their clients.
#include <algorithm>

#include "scenarios/bridge/to_setup.h"
#include "scenarios/bridge/to_setup_values.h"
#include "scenarios/kafka_config/text.h"
#include "scenarios/loader/check.h"

namespace bridge {
namespace {

kafka::TopicId TopicIdOf(const kafka::Setup& setup, const std::string& name) {
  const auto found = std::find_if(setup.topics.begin(), setup.topics.end(),
                                  [&](const auto& topic) { return topic.name == name; });
  SIM_CHECK(found != setup.topics.end());
  return {static_cast<uint16_t>(found - setup.topics.begin())};
}

kafka::Acks AcksOf(const kafka_config::EffectiveSetting& setting) {
  if (setting.Text() == "0") return kafka::Acks::kNone;
  if (setting.Text() == "1") return kafka::Acks::kLeader;
  return kafka::Acks::kAll;
}

kafka::MetadataRecovery RecoveryOf(const kafka_config::EffectiveSetting& setting) {
  return kafka_config::Lower(setting.Text()) == "none" ? kafka::MetadataRecovery::kNone
                                                       : kafka::MetadataRecovery::kRebootstrap;
}

kafka::ProducerSettings ProducerSettingsOf(const kafka_config::Configuration& configuration,
                                           const std::string& client) {
  const auto get = [&](std::string_view name) { return configuration.Producer(client, name); };
  const auto ms = [&](std::string_view name) { return MillisecondsOf(get(name)); };
  return {.acks = AcksOf(get("acks")),
          .enable_idempotence = get("enable.idempotence").Bool(),
          .retries = static_cast<int32_t>(get("retries").Int64()),
          .max_in_flight = Unsigned32Of(get("max.in.flight.requests.per.connection")),
          .linger = ms("linger.ms"),
          .batch_size = Unsigned32Of(get("batch.size")),
          .buffer_memory = static_cast<uint64_t>(get("buffer.memory").Int64()),
          .max_block = ms("max.block.ms"),
          .max_request_size = Unsigned32Of(get("max.request.size")),
          .request_timeout = ms("request.timeout.ms"),
          .delivery_timeout = ms("delivery.timeout.ms"),
          .retry_backoff = ms("retry.backoff.ms"),
          .retry_backoff_max = ms("retry.backoff.max.ms"),
          .reconnect_backoff = ms("reconnect.backoff.ms"),
          .reconnect_backoff_max = ms("reconnect.backoff.max.ms"),
          .metadata_max_age = ms("metadata.max.age.ms"),
          .metadata_recovery = RecoveryOf(get("metadata.recovery.strategy"))};
}

kafka::ConsumerSettings ConsumerSettingsOf(const kafka_config::Configuration& configuration,
                                           const std::string& client) {
  using Reset = kafka::ConsumerSettings::Reset;
  const auto get = [&](std::string_view name) { return configuration.Consumer(client, name); };
  const std::string reset = get("auto.offset.reset").Text();
  return {.fetch_max_wait = MillisecondsOf(get("fetch.max.wait.ms")),
          .fetch_min_bytes = Unsigned32Of(get("fetch.min.bytes")),
          .fetch_max_bytes = Unsigned32Of(get("fetch.max.bytes")),
          .max_partition_fetch_bytes = Unsigned32Of(get("max.partition.fetch.bytes")),
          .max_poll_records = Unsigned32Of(get("max.poll.records")),
          .request_timeout = MillisecondsOf(get("request.timeout.ms")),
          .retry_backoff = MillisecondsOf(get("retry.backoff.ms")),
          .retry_backoff_max = MillisecondsOf(get("retry.backoff.max.ms")),
          .reconnect_backoff = MillisecondsOf(get("reconnect.backoff.ms")),
          .reconnect_backoff_max = MillisecondsOf(get("reconnect.backoff.max.ms")),
          .metadata_max_age = MillisecondsOf(get("metadata.max.age.ms")),
          .metadata_recovery = RecoveryOf(get("metadata.recovery.strategy")),
          .auto_offset_reset = reset == "earliest" ? Reset::kEarliest
                               : reset == "none"   ? Reset::kNone
                                                   : Reset::kLatest};
}

void BuildProducer(const loader::LoadedScenario& loaded, int index,
                   const kafka_config::Configuration& configuration, BuiltSetup& out) {
  const loader::proto::Producer& producer = loaded.scenario.producer(index);
  const kafka::TopicId topic = TopicIdOf(out.setup, producer.topic());
  const auto partitions = static_cast<uint32_t>(out.setup.topics[topic.value].partitions.size());
  if (producer.has_partition() && producer.partition() >= partitions) {
    const std::string path = kafka_config::Cat(loader::Indexed("producer", index), ".partition");
    out.errors.push_back({.position = loaded.PlaceOf(path),
                          .field = path,
                          .value = std::to_string(producer.partition()),
                          .message = kafka_config::Cat("topic ", producer.topic(), " has ",
                                                       std::to_string(partitions), " partitions")});
  }
  kafka::ProducerProgram program{.topic = topic,
                                 .messages = producer.messages(),
                                 .message_bytes = producer.size(),
                                 .keys = producer.keys(),
                                 .has_callback = producer.callback(),
                                 .start_after = loader::DurationOf(producer.start_after())};
  if (producer.has_rate_per_s()) program.interval = sim::Seconds(1) / producer.rate_per_s();
  if (producer.has_partition()) program.partition = static_cast<int32_t>(producer.partition());
  out.setup.producers.push_back({.name = kafka_config::Cat("producer/", producer.name()),
                                 .settings = ProducerSettingsOf(configuration, producer.name()),
                                 .program = program});
}

void BuildConsumer(const loader::LoadedScenario& loaded, int index,
                   const kafka_config::Configuration& configuration, BuiltSetup& out) {
  using Commit = kafka::ConsumerProgram::Commit;
  const loader::proto::Consumer& consumer = loaded.scenario.consumer(index);
  const kafka::GroupId group{static_cast<uint16_t>(out.setup.groups.size())};
  out.setup.groups.push_back(consumer.group());
  kafka::ConsumerProgram program{.topic = TopicIdOf(out.setup, consumer.topic()),
                                 .group = group,
                                 .processing = loader::DurationOf(consumer.processing_time()),
                                 .commit = Commit::kAfterProcessing,
                                 .start_after = loader::DurationOf(consumer.start_after())};
  if (consumer.commit() == loader::proto::Consumer::BEFORE)
    program.commit = Commit::kBeforeProcessing;
  if (consumer.commit() == loader::proto::Consumer::NEVER) program.commit = Commit::kNever;
  out.setup.consumers.push_back({.name = kafka_config::Cat("consumer/", consumer.name()),
                                 .settings = ConsumerSettingsOf(configuration, consumer.name()),
                                 .program = program});
}

}  // namespace

void BuildPrograms(const loader::LoadedScenario& loaded,
                   const kafka_config::Configuration& configuration, BuiltSetup& out) {
  for (int i = 0; i < loaded.scenario.producer_size(); ++i) {
    BuildProducer(loaded, i, configuration, out);
  }
  for (int i = 0; i < loaded.scenario.consumer_size(); ++i) {
    BuildConsumer(loaded, i, configuration, out);
  }
}

}  // namespace bridge
