#include "scenarios/kafka_config/durability.h"

#include <algorithm>

#include "scenarios/kafka_config/text.h"

namespace kafka_config {
namespace {

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAlphanumeric(char c) { return IsUpper(c) || IsLower(c) || IsDigit(c); }

// "request.requiredAcks", "REQUEST_REQUIRED_ACKS" -> "request required acks".
std::vector<std::string> WordsOf(std::string_view name) {
  std::vector<std::string> words(1);
  char before = '.';
  for (const char c : name) {
    const bool starts = !IsAlphanumeric(c) || (IsUpper(c) && IsLower(before));
    if (starts && !words.back().empty()) words.emplace_back();
    if (IsAlphanumeric(c)) words.back() += c;
    before = c;
  }
  for (std::string& word : words) word = Lower(word);
  return words;
}

bool HasWord(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Topics that some part of a platform keeps for itself: how often they are copied says nothing
// about the user's.
bool IsOfInternalTopic(std::string_view joined) {
  constexpr std::string_view kOwners[] = {"confluent", "storage",    "offsetstopic", "transaction",
                                          "license",   "heartbeats", "checkpoints",  "offsetsyncs"};
  return std::any_of(std::begin(kOwners), std::end(kOwners),
                     [&](std::string_view owner) { return joined.find(owner) != joined.npos; });
}

bool SaysAcks(const std::vector<std::string>& words, std::string_view joined) {
  if (HasWord(words, "acks") || HasWord(words, "ack")) return !HasWord(words, "mode");
  return joined.ends_with("requiredacks") || joined.ends_with("produceracks");
}

}  // namespace

std::optional<Durability> DurabilityOf(std::string_view name) {
  const std::vector<std::string> words = WordsOf(name);
  const std::string joined = Join(words, "");
  const auto has = [&](std::string_view part) { return joined.find(part) != joined.npos; };
  if (SaysAcks(words, joined)) return Durability{Scope::kProducer, "acks"};
  if (has("insync") || has("minisr")) {
    if (IsOfInternalTopic(joined)) return std::nullopt;
    return Durability{Scope::kTopic, "min.insync.replicas"};
  }
  if (has("unclean")) return Durability{Scope::kTopic, "unclean.leader.election.enable"};
  if (has("replicationfactor")) {
    if (IsOfInternalTopic(joined)) return std::nullopt;
    return Durability{Scope::kTopic, "replication.factor"};
  }
  if (has("idempoten")) return Durability{Scope::kProducer, "enable.idempotence"};
  if (HasWord(words, "retries") || has("maxretries")) {
    return Durability{Scope::kProducer, "retries"};
  }
  if (has("commit") || has("ackmode") || has("offsetstore")) {
    if (IsOfInternalTopic(joined) && !has("commit")) return std::nullopt;
    return Durability{Scope::kConsumer, "enable.auto.commit"};
  }
  return std::nullopt;
}

bool IsPlainName(std::string_view name) {
  constexpr size_t kNameMax = 120;
  constexpr size_t kPartMax = 40;
  if (name.empty() || name.size() > kNameMax) return false;
  size_t part = 0;
  for (const char c : name) {
    const bool is_separator = c == '.' || c == '_' || c == '-' || c == '[' || c == ']';
    if (!is_separator && !IsAlphanumeric(c)) return false;
    part = is_separator ? 0 : part + 1;
    if (part > kPartMax) return false;
  }
  return true;
}

std::optional<UnclearSetting> UnclearOf(std::string_view name, const Position& position) {
  const std::optional<Durability> durability = DurabilityOf(name);
  if (!durability) return std::nullopt;
  return UnclearSetting{
      .target = {durability->scope, ""},
      .name = std::string(durability->name),
      .written = IsPlainName(name) ? std::string(name) : std::string("<name not shown>"),
      .position = position};
}

std::vector<std::string> PropertiesInDoubt() {
  return {"NO_ACKED_LOSS", "NO_DUPLICATE", "NO_SILENT_LOSS", "ORDER_PER_KEY"};
}

}  // namespace kafka_config
