#include "scenarios/kafka_config/formats/librdkafka.h"

#include <algorithm>
#include <utility>

#include "scenarios/kafka_config/text.h"

namespace kafka_config {
namespace {

constexpr std::string_view kTopicPrefix = "topic.";

struct ForeignSetting {
  Scope scope;
  std::string_view own, kafka;
  int64_t factor = 1;
};

// The Java client's counterpart of what librdkafka calls otherwise.
constexpr ForeignSetting kSettings[] = {
    {Scope::kProducer, "request.required.acks", "acks"},
    {Scope::kProducer, "message.timeout.ms", "delivery.timeout.ms"},
    {Scope::kProducer, "queue.buffering.max.ms", "linger.ms"},
    {Scope::kProducer, "message.send.max.retries", "retries"},
    {Scope::kProducer, "max.in.flight", "max.in.flight.requests.per.connection"},
    {Scope::kProducer, "message.max.bytes", "max.request.size"},
    {Scope::kProducer, "queue.buffering.max.kbytes", "buffer.memory", 1024},
    {Scope::kProducer, "compression.codec", "compression.type"},
    {Scope::kProducer, "metadata.broker.list", "bootstrap.servers"},
    {Scope::kConsumer, "metadata.broker.list", "bootstrap.servers"},
    {Scope::kConsumer, "fetch.wait.max.ms", "fetch.max.wait.ms"},
    {Scope::kConsumer, "fetch.message.max.bytes", "max.partition.fetch.bytes"},
    {Scope::kConsumer, "auto.commit.enable", "enable.auto.commit"},
};

struct OwnDefault {
  Scope scope;
  std::string_view kafka, value;
};

// What librdkafka does where nobody says otherwise, and the Java client does not.
constexpr OwnDefault kOwnDefaults[] = {
    {Scope::kProducer, "acks", "-1"},
    {Scope::kProducer, "enable.idempotence", "false"},
    {Scope::kProducer, "max.in.flight.requests.per.connection", "1000000"},
    {Scope::kProducer, "delivery.timeout.ms", "300000"},
    {Scope::kProducer, "buffer.memory", "1073741824"},
    {Scope::kProducer, "max.request.size", "1000000"},
    {Scope::kProducer, "batch.size", "1000000"},
    {Scope::kConsumer, "isolation.level", "read_committed"},
};

// The name in Kafka, "" if there is none; with the factor between the units.
std::pair<std::string, int64_t> CounterpartOf(const Tables& tables, Scope scope,
                                              std::string_view name) {
  for (const ForeignSetting& setting : kSettings) {
    if (setting.scope == scope && setting.own == name) {
      return {std::string(setting.kafka), setting.factor};
    }
  }
  if (tables.Find(scope, name) != nullptr) return {std::string(name), 1};
  return {"", 1};
}

bool IsKnown(const Tables& tables, Scope scope, std::string_view name) {
  return !CounterpartOf(tables, scope, name).first.empty() ||
         IsOfLibrdkafkaAlone(tables, scope, name);
}

// librdkafka's words for a value.
std::string ValueFor(std::string_view kafka, std::string_view value, int64_t factor) {
  const std::string text(Trim(value));
  const std::string lower = Lower(text);
  if (kafka == "auto.offset.reset") {
    if (lower == "smallest" || lower == "beginning") return "earliest";
    if (lower == "largest" || lower == "end") return "latest";
    if (lower == "error") return "none";
    return lower;
  }
  if (kafka == "delivery.timeout.ms" && text == "0") return "2147483647";  // 0 is without end
  if (factor == 1) return text;
  const std::optional<int64_t> number = ParseInt64(text);
  if (!number || *number < 0 || *number > (int64_t{1} << 31)) return text;
  return std::to_string(*number * factor);
}

bool IsSection(const PropertyEntry& entry) {
  return entry.key.starts_with('[') && entry.key.ends_with(']') && entry.value.empty();
}

// nullopt for [global], [topic], [default]: the names in those decide.
std::optional<Scope> SectionOf(const PropertyEntry& entry) {
  const std::optional<Scope> scope = ParseScope(Lower(entry.key.substr(1, entry.key.size() - 2)));
  if (scope != Scope::kProducer && scope != Scope::kConsumer) return std::nullopt;
  return scope;
}

std::string_view NameOf(const PropertyEntry& entry) {
  std::string_view name = entry.key;
  if (name.starts_with(kTopicPrefix)) name.remove_prefix(kTopicPrefix.size());
  return name;
}

// Names that the Java client has and librdkafka has not.
bool IsOfJava(const Entries& entries) {
  constexpr std::string_view kNames[] = {
      "buffer.memory",    "interceptor.classes", "key.deserializer",        "key.serializer",
      "max.block.ms",     "max.poll.records",    "max.request.size",        "metric.reporters",
      "sasl.jaas.config", "ssl.keystore.type",   "ssl.truststore.location", "value.deserializer",
      "value.serializer"};
  return std::any_of(entries.begin(), entries.end(), [&](const PropertyEntry& entry) {
    return std::find(std::begin(kNames), std::end(kNames), entry.key) != std::end(kNames);
  });
}

class LibrdkafkaReader {
 public:
  LibrdkafkaReader(const Tables& tables, const std::optional<Target>& target, FileReading& reading)
      : tables_(tables), target_(target), reading_(reading) {}

  void Read(const Entries& entries) {
    scopes_ = ScopesOf(entries);
    std::optional<Scope> section;
    for (const PropertyEntry& entry : entries) {
      if (IsSection(entry)) {
        section = SectionOf(entry);
        continue;
      }
      if (section) {
        Take({*section}, entry);
      } else {
        Take(scopes_, entry);
      }
    }
  }

  void AddDefaults(const std::string& path) {
    std::vector<std::string> said;
    for (const OwnDefault& one : kOwnDefaults) {
      if (!reading_.Has(TargetFor(one.scope)) || HasSetting(one)) continue;
      const std::string value = IsFiveInFlight(one) ? "5" : std::string(one.value);
      reading_.Add(TargetFor(one.scope), {std::string(one.kafka), value, {.file = path}});
      said.push_back(Cat(one.kafka, "=", value));
    }
    ShortenRequests(path, said);
    if (said.empty()) return;
    reading_.notes.push_back(
        {ConfigNote::Kind::kRead,
         {.file = path},
         Cat("librdkafka's own defaults where the file says nothing: ", Join(said, ", "))});
  }

  void Say(const std::string& path) const { translations_.Say(path, reading_); }

 private:
  std::vector<Scope> ScopesOf(const Entries& entries) const {
    if (target_) return {target_->scope};
    bool is_producers = false, is_consumers = false;
    for (const PropertyEntry& entry : entries) {
      const bool producer = IsKnown(tables_, Scope::kProducer, NameOf(entry));
      const bool consumer = IsKnown(tables_, Scope::kConsumer, NameOf(entry));
      is_producers = is_producers || (producer && !consumer);
      is_consumers = is_consumers || (consumer && !producer);
    }
    std::vector<Scope> scopes;
    if (is_producers || !is_consumers) scopes.push_back(Scope::kProducer);
    if (is_consumers || !is_producers) scopes.push_back(Scope::kConsumer);
    return scopes;
  }

  Target TargetFor(Scope scope) const {
    return target_ && target_->scope == scope ? *target_ : Target{scope, ""};
  }

  const PropertyEntry* Find(Scope scope, std::string_view name) const {
    for (const FileReading::Group& group : reading_.found) {
      if (group.target != TargetFor(scope)) continue;
      for (const PropertyEntry& entry : group.entries) {
        if (entry.key == name) return &entry;
      }
    }
    return nullptr;
  }

  int64_t Number(std::string_view name, int64_t otherwise) const {
    const PropertyEntry* entry = Find(Scope::kProducer, name);
    return entry == nullptr ? otherwise : ParseInt64(entry->value).value_or(otherwise);
  }

  // A request waits no longer than the message that it carries may; the Java client refuses such
  // a pair.
  void ShortenRequests(const std::string& path, std::vector<std::string>& said) {
    constexpr int64_t kRequestTimeout = 30'000;
    if (!reading_.Has(TargetFor(Scope::kProducer))) return;
    const int64_t left = Number("delivery.timeout.ms", 300'000) - Number("linger.ms", 5);
    if (left < 1 || left >= Number("request.timeout.ms", kRequestTimeout)) return;
    const std::string value = std::to_string(left);
    reading_.Add(TargetFor(Scope::kProducer), {"request.timeout.ms", value, {.file = path}});
    said.push_back(Cat("request.timeout.ms=", value));
  }

  bool HasSetting(const OwnDefault& one) const { return Find(one.scope, one.kafka) != nullptr; }

  // With idempotence librdkafka lowers its own default.
  bool IsFiveInFlight(const OwnDefault& one) const {
    const PropertyEntry* idempotence = Find(Scope::kProducer, "enable.idempotence");
    return one.kafka == "max.in.flight.requests.per.connection" && idempotence != nullptr &&
           Lower(idempotence->value) == "true";
  }

  void Take(const std::vector<Scope>& scopes, const PropertyEntry& entry) {
    bool is_taken = false;
    for (const Scope scope : scopes) {
      const auto [kafka, factor] = CounterpartOf(tables_, scope, NameOf(entry));
      if (kafka.empty()) continue;
      translations_.Add(entry, kafka);
      reading_.Add(TargetFor(scope), {kafka, ValueFor(kafka, entry.value, factor), entry.position});
      is_taken = true;
    }
    if (!is_taken) reading_.left_out.push_back({entry.key, "", entry.position});
  }

  const Tables& tables_;
  const std::optional<Target>& target_;
  FileReading& reading_;
  std::vector<Scope> scopes_;
  Translations translations_;
};

}  // namespace

bool IsLibrdkafka(const Tables& tables, const Entries& entries) {
  if (IsOfJava(entries)) return false;
  return std::any_of(entries.begin(), entries.end(), [&](const PropertyEntry& entry) {
    const std::string_view name = NameOf(entry);
    if (!tables.ScopesOf(name).empty()) {
      // Under `topic.` only librdkafka has names of a client.
      return entry.key != name && tables.Find(Scope::kProducer, name) != nullptr;
    }
    return IsOfLibrdkafkaAlone(tables, Scope::kProducer, name) ||
           IsOfLibrdkafkaAlone(tables, Scope::kConsumer, name);
  });
}

FileReading ReadLibrdkafka(const Tables& tables, const std::string& path, const Entries& entries,
                           const std::optional<Target>& target) {
  FileReading reading{.format = "a file of librdkafka or kcat"};
  LibrdkafkaReader reader(tables, target, reading);
  reader.Read(entries);
  reader.AddDefaults(path);
  reader.Say(path);
  return reading;
}

}  // namespace kafka_config
