#include "scenarios/kafka_config/formats/spring.h"

#include <algorithm>
#include <utility>

#include "scenarios/kafka_config/text.h"

namespace kafka_config {
namespace {

constexpr std::string_view kPrefix = "spring.kafka.";
constexpr std::string_view kProperties = "properties.";

// Spring's properties that become one of Kafka's, without dashes. What Spring has no property for
// it ignores under `producer` and `consumer`, and takes under `properties`.
struct SpringName {
  Scope scope;
  std::string_view spring, kafka;
};

constexpr SpringName kNames[] = {
    {Scope::kProducer, "acks", "acks"},
    {Scope::kProducer, "batchsize", "batch.size"},
    {Scope::kProducer, "bootstrapservers", "bootstrap.servers"},
    {Scope::kProducer, "buffermemory", "buffer.memory"},
    {Scope::kProducer, "clientid", "client.id"},
    {Scope::kProducer, "compressiontype", "compression.type"},
    {Scope::kProducer, "keyserializer", "key.serializer"},
    {Scope::kProducer, "retries", "retries"},
    {Scope::kProducer, "transactionidprefix", "transactional.id"},
    {Scope::kProducer, "valueserializer", "value.serializer"},
    {Scope::kConsumer, "autocommitinterval", "auto.commit.interval.ms"},
    {Scope::kConsumer, "autooffsetreset", "auto.offset.reset"},
    {Scope::kConsumer, "bootstrapservers", "bootstrap.servers"},
    {Scope::kConsumer, "clientid", "client.id"},
    {Scope::kConsumer, "enableautocommit", "enable.auto.commit"},
    {Scope::kConsumer, "fetchmaxwait", "fetch.max.wait.ms"},
    {Scope::kConsumer, "fetchminsize", "fetch.min.bytes"},
    {Scope::kConsumer, "groupid", "group.id"},
    {Scope::kConsumer, "heartbeatinterval", "heartbeat.interval.ms"},
    {Scope::kConsumer, "isolationlevel", "isolation.level"},
    {Scope::kConsumer, "keydeserializer", "key.deserializer"},
    {Scope::kConsumer, "maxpollinterval", "max.poll.interval.ms"},
    {Scope::kConsumer, "maxpollrecords", "max.poll.records"},
    {Scope::kConsumer, "valuedeserializer", "value.deserializer"},
};

// "Batch-Size" -> "batchsize", "batch.size" -> "batchsize".
std::string Squeezed(std::string_view name) {
  std::string squeezed = Lower(name);
  std::erase_if(squeezed, [](char c) { return c == '-' || c == '_' || c == '.'; });
  return squeezed;
}

// "[enable.idempotence]" is how YAML keeps the dots of a key.
std::string WithoutBrackets(std::string_view name) {
  std::string plain(name);
  std::erase_if(plain, [](char c) { return c == '[' || c == ']'; });
  return plain;
}

// "" if Spring has no such property.
std::string KafkaNameOf(Scope scope, std::string_view spring) {
  const std::string squeezed = Squeezed(spring);
  for (const SpringName& name : kNames) {
    if (name.scope == scope && name.spring == squeezed) return std::string(name.kafka);
  }
  return "";
}

struct Unit {
  std::string_view name;
  int64_t factor;
};

// Milliseconds of a duration, bytes of a size.
constexpr Unit kTimes[] = {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}};
constexpr Unit kSizes[] = {{"kb", 1 << 10}, {"mb", 1 << 20}, {"gb", 1 << 30}, {"b", 1}};

// "5s" is 5000 for a time in milliseconds, "32MB" 33554432 for a size; else the value itself.
std::string InKafkasUnit(const Definition* definition, std::string_view value) {
  if (definition == nullptr) return std::string(value);
  const bool is_number =
      definition->type == ValueType::kInt || definition->type == ValueType::kLong;
  const std::string lower = Lower(Trim(value));
  const size_t digits = lower.find_first_not_of("0123456789");
  if (!is_number || digits == 0 || digits == lower.npos) return std::string(value);
  const std::optional<int64_t> number = ParseInt64(lower.substr(0, digits));
  const std::string_view unit = Trim(std::string_view(lower).substr(digits));
  const bool is_time = definition->name.ends_with(".ms");
  for (const Unit& known : is_time ? std::span<const Unit>(kTimes) : kSizes) {
    if (number && *number < (int64_t{1} << 30) && known.name == unit) {
      return std::to_string(*number * known.factor);
    }
  }
  return std::string(value);
}

// What Spring has for one kind of client: "spring.kafka.producer.".
struct SpringSection {
  std::string_view prefix;
  Scope scope;
};

constexpr SpringSection kSpringSections[] = {{"producer.", Scope::kProducer},
                                             {"consumer.", Scope::kConsumer}};

class SpringReader {
 public:
  SpringReader(const Tables& tables, FileReading& reading) : tables_(tables), reading_(reading) {}

  void Read(const PropertyEntry& entry) {
    if (!Lower(entry.key).starts_with(kPrefix)) {
      reading_.left_out.push_back({entry.key, "", entry.position});
      return;
    }
    const std::string name = entry.key.substr(kPrefix.size());
    for (const SpringSection& section : kSpringSections) {
      if (name.starts_with(section.prefix)) {
        return Take(section.scope, name.substr(section.prefix.size()), entry);
      }
    }
    TakeCommon(name, entry);
  }

  void Say(std::string_view path) const { translations_.Say(path, reading_); }

 private:
  void Take(Scope scope, std::string_view name, const PropertyEntry& entry) {
    std::string kafka;
    if (name.starts_with(kProperties)) {
      kafka = WithoutBrackets(name.substr(kProperties.size()));
    } else {
      kafka = KafkaNameOf(scope, WithoutBrackets(name));
    }
    const Definition* definition = tables_.Find(scope, kafka);
    if (definition == nullptr) {
      reading_.left_out.push_back({entry.key, "", entry.position});
      return;
    }
    // What is called alike but for dashes needs no word.
    if (!Squeezed(WithoutBrackets(entry.key)).ends_with(Squeezed(kafka)))
      translations_.Add(entry, kafka);
    reading_.Add(scope, {kafka, ValueFor(*definition, entry.value), entry.position});
  }

  std::string ValueFor(const Definition& definition, const std::string& value) const {
    if (definition.name != "isolation.level") return InKafkasUnit(&definition, value);
    std::string level = Lower(value);
    std::replace(level.begin(), level.end(), '-', '_');
    return level;
  }

  // spring.kafka.properties.X and spring.kafka.bootstrap-servers are for every client; what stands
  // under producer or consumer is nearer.
  void TakeCommon(std::string_view name, const PropertyEntry& entry) {
    const bool is_common = name.starts_with(kProperties);
    const std::string kafka = WithoutBrackets(is_common ? name.substr(kProperties.size()) : name);
    bool is_taken = false;
    for (const SpringSection& section : kSpringSections) {
      const std::string own = is_common ? kafka : KafkaNameOf(section.scope, kafka);
      if (tables_.Find(section.scope, own) == nullptr) continue;
      common_.push_back({section.scope, {own, entry.value, entry.position}});
      is_taken = true;
    }
    if (!is_taken) reading_.left_out.push_back({entry.key, "", entry.position});
  }

 public:
  void AddCommon() {
    for (auto& [scope, entry] : common_) {
      if (!reading_.Has(scope, entry.key)) reading_.Add(scope, std::move(entry));
    }
  }

 private:
  const Tables& tables_;
  FileReading& reading_;
  Translations translations_;
  std::vector<std::pair<Scope, PropertyEntry>> common_;
};

bool StartsWith(const Entries& entries, std::string_view prefix) {
  return std::any_of(entries.begin(), entries.end(), [&](const PropertyEntry& entry) {
    return Lower(entry.key).starts_with(prefix);
  });
}

}  // namespace

bool IsSpring(const Entries& entries) { return StartsWith(entries, "spring."); }

bool IsOfProfile(const Entries& document) {
  return StartsWith(document, "spring.config.activate.on-profile") ||
         StartsWith(document, "spring.profiles");
}

FileReading ReadSpring(const Tables& tables, const std::string& path, const Entries& entries) {
  if (!StartsWith(entries, kPrefix)) {
    const bool is_stream = StartsWith(entries, "spring.cloud.stream");
    return NotRead(path,
                   is_stream ? "a Spring Cloud Stream application file"
                             : "a Spring Boot application file without spring.kafka",
                   "give the producer's and the consumer's own settings as Java properties");
  }
  FileReading reading{.format = "a Spring Boot application file"};
  SpringReader reader(tables, reading);
  for (const PropertyEntry& entry : entries) reader.Read(entry);
  reader.AddCommon();
  reader.Say(path);
  return reading;
}

}  // namespace kafka_config
