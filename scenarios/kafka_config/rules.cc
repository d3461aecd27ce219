#include "scenarios/kafka_config/rules.h"

#include <algorithm>
#include <limits>

#include "scenarios/kafka_config/text.h"

namespace kafka_config {
namespace {

constexpr int64_t kInFlightMaxIdempotent = 5;

// One target under judgement.
struct Subject {
  const Configuration& configuration;
  Target target;

  EffectiveSetting Get(std::string_view name) const { return configuration.Get(target, name); }
  int64_t Int(std::string_view name) const { return Get(name).Int64(); }
  bool IsGiven(std::string_view name) const { return configuration.IsGiven(target, name); }

  // "acks=1 (producer.properties:3:1)", or without the value where that may not be shown.
  std::string Cite(std::string_view name) const {
    const EffectiveSetting setting = Get(name);
    const Definition* definition = configuration.tables().Find(target.scope, name);
    const std::string value =
        Shown(*definition) ? Cat("=", ShownValue(definition, setting.Text())) : std::string();
    return Cat(name, value, " (", Describe(setting.origin), ")");
  }

  // "" or " of producer shop".
  std::string Whose() const {
    return target.name.empty() ? "" : Cat(" of ", ScopeName(target.scope), " ", target.name);
  }

  // An error at the first of `names` that somebody gave; the message cites them all.
  Diagnostic Refusal(std::string message, const std::vector<std::string_view>& names) const {
    Diagnostic diagnostic{.field = std::string(names[0])};
    std::vector<std::string> cited;
    for (const std::string_view name : names) cited.push_back(Cite(name));
    for (const std::string_view name : names) {
      if (!IsGiven(name)) continue;
      diagnostic.position = Get(name).origin.position;
      diagnostic.field = std::string(name);
      break;
    }
    const Definition* definition = configuration.tables().Find(target.scope, diagnostic.field);
    diagnostic.value = ShownValue(definition, Get(diagnostic.field).Text());
    diagnostic.message = Cat(message, " [", Join(cited, ", "), Whose(), "]");
    return diagnostic;
  }

  ConfigNote Note(ConfigNote::Kind kind, std::string_view name, std::string text) const {
    return {kind, Get(name).origin.position,
            Cat(text, Whose().empty() ? "" : Cat(" [", Whose().substr(4), "]"))};
  }
};

// What cannot be together with idempotence, KC:P-6.
struct Conflict {
  std::string_view name;
  std::string_view refusal;
  std::string because;
};

// In Kafka's order, since the first is the one that is reported.
std::vector<Conflict> ConflictsOf(const Subject& producer) {
  std::vector<Conflict> conflicts;
  if (producer.Int("retries") == 0) {
    conflicts.push_back({"retries",
                         "Must set retries to non-zero when using the idempotent producer.",
                         "retries is 0"});
  }
  const std::string acks = producer.Get("acks").Text();
  if (acks != "all") {
    conflicts.push_back({"acks",
                         "Must set acks to all in order to use the idempotent producer. Otherwise "
                         "we cannot guarantee idempotence.",
                         Cat("acks is ", acks)});
  }
  return conflicts;
}

ConfigNote SwitchedOff(const Subject& producer, const Conflict& conflict) {
  return producer.Note(
      ConfigNote::Kind::kSwitchedOff, conflict.name,
      Cat("enable.idempotence is switched off, since ", conflict.because,
          ": nothing removes duplicates or keeps order, and Kafka says so only in its log"));
}

// [ProducerConfig#postProcessAndValidateIdempotenceConfigs] KC:P-6: what the user asked for by name
// is refused, what is on by default gives way; too many in flight is refused in both cases.
void CheckIdempotence(const Subject& producer, RuleFindings& findings) {
  bool is_on = producer.Get("enable.idempotence").Bool();
  if (is_on) {
    const std::vector<Conflict> conflicts = ConflictsOf(producer);
    if (!conflicts.empty() && producer.IsGiven("enable.idempotence")) {
      findings.errors.push_back(producer.Refusal(std::string(conflicts[0].refusal),
                                                 {conflicts[0].name, "enable.idempotence"}));
      return;
    }
    const int64_t in_flight = producer.Int("max.in.flight.requests.per.connection");
    if (in_flight > kInFlightMaxIdempotent) {
      findings.errors.push_back(producer.Refusal(
          Cat("To use the idempotent producer, max.in.flight.requests.per.connection must be set "
              "to at most 5. Current value is ",
              std::to_string(in_flight), "."),
          {"max.in.flight.requests.per.connection", "enable.idempotence"}));
      return;
    }
    for (const Conflict& conflict : conflicts) {
      findings.notes.push_back(SwitchedOff(producer, conflict));
    }
    if (!conflicts.empty()) findings.adjustments.push_back({"enable.idempotence", "false"});
    is_on = conflicts.empty();
  }
  if (!is_on && producer.IsGiven("transactional.id")) {
    findings.errors.push_back(
        producer.Refusal("Cannot set a transactional.id without also enabling idempotence.",
                         {"transactional.id", "enable.idempotence", "acks", "retries"}));
  }
}

// [KafkaProducer#configureDeliveryTimeout] KC:P-7
void CheckDeliveryTimeout(const Subject& producer, RuleFindings& findings) {
  constexpr int64_t kIntMax = std::numeric_limits<int32_t>::max();
  const int64_t linger = std::min(producer.Int("linger.ms"), kIntMax);
  const int64_t least = std::min(linger + producer.Int("request.timeout.ms"), kIntMax);
  if (producer.Int("delivery.timeout.ms") >= least) return;
  if (producer.IsGiven("delivery.timeout.ms")) {
    findings.errors.push_back(producer.Refusal(
        "delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms",
        {"delivery.timeout.ms", "linger.ms", "request.timeout.ms"}));
    return;
  }
  const std::string_view cause =
      producer.IsGiven("request.timeout.ms") ? "request.timeout.ms" : "linger.ms";
  findings.adjustments.push_back({"delivery.timeout.ms", std::to_string(least)});
  findings.notes.push_back(producer.Note(
      ConfigNote::Kind::kAdjusted, cause,
      Cat("delivery.timeout.ms is raised to ", std::to_string(least),
          ", since it should be equal to or larger than linger.ms + request.timeout.ms")));
}

// [CommonClientConfigs#postProcessReconnectBackoffConfigs] KC:P-8
void CheckReconnectBackoff(const Subject& client, RuleFindings& findings) {
  if (!client.IsGiven("reconnect.backoff.ms") || client.IsGiven("reconnect.backoff.max.ms")) return;
  const std::string base = client.Get("reconnect.backoff.ms").Text();
  findings.adjustments.push_back({"reconnect.backoff.max.ms", base});
  findings.notes.push_back(client.Note(
      ConfigNote::Kind::kAdjusted, "reconnect.backoff.ms",
      "reconnect.backoff.max.ms becomes the same as reconnect.backoff.ms, since only that is set: "
      "the back-off does not grow"));
}

void CheckRetryBackoff(const Subject& client, RuleFindings& findings) {
  if (client.Int("retry.backoff.ms") <= client.Int("retry.backoff.max.ms")) return;
  const std::string_view cause =
      client.IsGiven("retry.backoff.ms") ? "retry.backoff.ms" : "retry.backoff.max.ms";
  findings.notes.push_back(
      client.Note(ConfigNote::Kind::kAdjusted, cause,
                  "retry.backoff.ms is larger than retry.backoff.max.ms: the back-off is always "
                  "retry.backoff.max.ms, and does not grow"));
}

// [ConsumerConfig#checkUnsupportedConfigsPostProcess, Heartbeat]
void CheckGroupProtocol(const Subject& consumer, RuleFindings& findings) {
  const bool is_new = Lower(consumer.Get("group.protocol").Text()) == "consumer";
  if (!is_new && consumer.IsGiven("group.remote.assignor")) {
    findings.errors.push_back(
        consumer.Refusal("group.remote.assignor cannot be set when group.protocol=CLASSIC",
                         {"group.remote.assignor"}));
  }
  for (const std::string_view name :
       {"partition.assignment.strategy", "heartbeat.interval.ms", "session.timeout.ms"}) {
    if (!is_new || !consumer.IsGiven(name)) continue;
    findings.errors.push_back(
        consumer.Refusal(Cat(name, " cannot be set when group.protocol=CONSUMER"), {name}));
  }
  if (!is_new && consumer.Int("heartbeat.interval.ms") >= consumer.Int("session.timeout.ms")) {
    findings.errors.push_back(
        consumer.Refusal("Heartbeat must be set lower than the session timeout",
                         {"heartbeat.interval.ms", "session.timeout.ms"}));
  }
}

// [KafkaConfig#validateValues]
void CheckReplicaFetch(const Subject& broker, RuleFindings& findings) {
  const int64_t wait = broker.Int("replica.fetch.wait.max.ms");
  if (wait > broker.Int("replica.socket.timeout.ms")) {
    findings.errors.push_back(broker.Refusal(
        "replica.socket.timeout.ms should always be at least replica.fetch.wait.max.ms to prevent "
        "unnecessary socket timeouts",
        {"replica.fetch.wait.max.ms", "replica.socket.timeout.ms"}));
  }
  if (wait > broker.Int("replica.lag.time.max.ms")) {
    findings.errors.push_back(broker.Refusal(
        "replica.fetch.wait.max.ms should always be less than or equal to replica.lag.time.max.ms "
        "to prevent frequent changes in ISR",
        {"replica.fetch.wait.max.ms", "replica.lag.time.max.ms"}));
  }
}

void CheckBrokerMemory(const Subject& broker, RuleFindings& findings) {
  constexpr int64_t kMebibyte = 1 << 20;
  const int64_t buffer = broker.Int("log.cleaner.dedupe.buffer.size");
  const int64_t threads = broker.Int("log.cleaner.threads");
  if (threads > 0 && buffer / threads <= kMebibyte) {
    findings.errors.push_back(
        broker.Refusal("log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.",
                       {"log.cleaner.dedupe.buffer.size", "log.cleaner.threads"}));
  }
  const int64_t queued = broker.Int("queued.max.request.bytes");
  if (queued > 0 && queued < broker.Int("socket.request.max.bytes")) {
    findings.errors.push_back(broker.Refusal(
        "queued.max.request.bytes must be larger or equal to socket.request.max.bytes",
        {"queued.max.request.bytes", "socket.request.max.bytes"}));
  }
}

// Retention "must be unlimited (-1) or, greater than or equal to 1"; of the three names the first
// that is set counts.
void CheckRetention(const Subject& broker, RuleFindings& findings) {
  for (const std::string_view name :
       {"log.retention.ms", "log.retention.minutes", "log.retention.hours"}) {
    const EffectiveSetting setting = broker.Get(name);
    if (setting.IsNull()) continue;
    if (setting.Int64() == 0) {
      findings.errors.push_back(broker.Refusal(
          "log.retention.ms must be unlimited (-1) or, greater than or equal to 1", {name}));
    }
    return;
  }
}

// Kafka starts all the same, and writes an error into its log.
void CheckHeartbeat(const Subject& broker, RuleFindings& findings) {
  const int64_t interval = broker.Int("broker.heartbeat.interval.ms");
  if (interval * 2 <= broker.Int("broker.session.timeout.ms")) return;
  const std::string_view cause = broker.IsGiven("broker.heartbeat.interval.ms")
                                     ? "broker.heartbeat.interval.ms"
                                     : "broker.session.timeout.ms";
  findings.notes.push_back(
      broker.Note(ConfigNote::Kind::kWarning, cause,
                  "broker.heartbeat.interval.ms must be less than or equal to half of the "
                  "broker.session.timeout.ms: a broker may lose its lease without a fault"));
}

}  // namespace

RuleFindings CheckProducer(const Configuration& configuration, const std::string& client) {
  const Subject producer{configuration, {Scope::kProducer, client}};
  RuleFindings findings;
  CheckIdempotence(producer, findings);
  CheckDeliveryTimeout(producer, findings);
  CheckReconnectBackoff(producer, findings);
  CheckRetryBackoff(producer, findings);
  return findings;
}

RuleFindings CheckConsumer(const Configuration& configuration, const std::string& client) {
  const Subject consumer{configuration, {Scope::kConsumer, client}};
  RuleFindings findings;
  CheckGroupProtocol(consumer, findings);
  CheckReconnectBackoff(consumer, findings);
  CheckRetryBackoff(consumer, findings);
  return findings;
}

RuleFindings CheckBroker(const Configuration& configuration, int broker_id) {
  const std::string id = broker_id == 0 ? "" : std::to_string(broker_id);
  const Subject broker{configuration, {Scope::kBroker, id}};
  RuleFindings findings;
  CheckReplicaFetch(broker, findings);
  CheckBrokerMemory(broker, findings);
  CheckRetention(broker, findings);
  CheckHeartbeat(broker, findings);
  return findings;
}

RuleFindings CheckTopic(const Configuration& configuration, const std::string& name) {
  const Subject topic{configuration, {Scope::kTopic, name}};
  RuleFindings findings;
  const int64_t copies = topic.Int("replication.factor");
  const int brokers = configuration.declared().brokers;
  if (brokers > 0 && copies > brokers) {
    findings.errors.push_back(
        topic.Refusal(Cat("The target replication factor of ", std::to_string(copies),
                          " cannot be reached because only ", std::to_string(brokers),
                          " broker(s) are registered."),
                      {"replication.factor"}));
  }
  if (topic.Int("min.compaction.lag.ms") > topic.Int("max.compaction.lag.ms")) {
    findings.errors.push_back(
        topic.Refusal("conflict topic config setting min.compaction.lag.ms > "
                      "max.compaction.lag.ms",
                      {"min.compaction.lag.ms", "max.compaction.lag.ms"}));
  }
  const int64_t min_isr = topic.Int("min.insync.replicas");
  if (min_isr > copies) {
    findings.notes.push_back(
        topic.Note(ConfigNote::Kind::kWarning, "min.insync.replicas",
                   // The smaller of the two is compared (KB:P-11).
                   Cat("min.insync.replicas ", std::to_string(min_isr),
                       " is more than the copies there are, and counts as ", std::to_string(copies),
                       ": an ISR of ", std::to_string(copies), " is enough for acks=all")));
  }
  return findings;
}

}  // namespace kafka_config
