// Kafka's lines of a trace.
#include <iterator>

#include "tools/render/trace.h"
#include "tools/render/trace_lines.h"
#include "tools/render/words.h"

namespace render {
namespace {

namespace said = kafka::notes;

std::string SetText(kafka::BrokerSet set) {
  std::string text;
  for (uint8_t i = 0; i < kafka::kMaxBrokers; ++i) {
    if (set.contains({i})) text += (text.empty() ? "" : ",") + Number(i + 1u);
  }
  return "{" + text + "}";
}
std::string Range(kafka::Offset from, kafka::Offset to) { return TraceRange(from.value, to.value); }

const char* HowElected(kafka::Election election) {
  switch (election) {
    case kafka::Election::kCreated:
      return " created";
    case kafka::Election::kFromIsr:
      return " from the ISR";
    case kafka::Election::kFromElr:
      return " from the ELR";
    case kafka::Election::kLastKnownLeader:
      return " as last known leader";
    case kafka::Election::kUnclean:
      return " uncleanly";
    case kafka::Election::kUncleanByHand:
      return " uncleanly by hand";
    case kafka::Election::kNone:
    case kafka::Election::kLeaderless:
      break;
  }
  return "";
}

// As kafka-configs.sh takes it.
std::string SettingText(kafka::TopicSetting setting, int64_t value) {
  std::string text = Number(value);
  const bool is_switch = setting == kafka::TopicSetting::kUncleanLeaderElection;
  if (is_switch && (value == 0 || value == 1)) text = value == 1 ? "true" : "false";
  if (setting == kafka::TopicSetting::kFlushInterval) {
    text = value % 1'000'000 == 0 ? Number(value / 1'000'000) : text + "ns";
  }
  return std::string(kafka::NameOf(setting)) + "=" + text;
}

class KafkaWords {
 public:
  explicit KafkaWords(const TraceNames& names) : names_(names) {}

  // ---- Producers ----
  std::string operator()(const said::Sent& note) const {
    return Message(note.message) + " to " + Partition(note) + ", " + AcksText(note.acks);
  }
  std::string operator()(const said::SendRefused& note) const {
    return Message(note.message) + " " + kafka::NameOf(note.error);
  }
  std::string operator()(const said::BatchClosed& note) const { return Attempt(note); }
  std::string operator()(const said::ProduceSent& note) const { return Attempt(note); }
  std::string operator()(const said::AckedToApplication& note) const {
    return Batch(note) + " at " + Number(note.base.value) + ", " + AcksText(note.acks);
  }
  std::string operator()(const said::FailedToApplication& note) const {
    return Batch(note) + " " + kafka::NameOf(note.error);
  }
  std::string operator()(const said::Retried& note) const {
    return Batch(note) + " " + kafka::NameOf(note.error);
  }
  std::string operator()(const said::Renumbered& note) const {
    return Batch(note) + " gets a new epoch";
  }
  std::string operator()(const said::ProducerIdle&) const { return ""; }

  // ---- Logs ----
  std::string operator()(const said::Appended& note) const {
    return Partition(note) + " " + Entries(note) +
           (note.as_leader ? " as leader, epoch " : " as follower, epoch ") +
           Number(note.epoch.value);
  }
  std::string operator()(const said::Duplicate& note) const {
    return Batch(note) + " is known, at " + Number(note.base.value);
  }
  std::string operator()(const said::ProduceRejected& note) const {
    return Batch(note) + " " + kafka::NameOf(note.error);
  }
  std::string operator()(const said::Acknowledged& note) const {
    return Batch(note) + " at " + Number(note.base.value) + ", " + AcksText(note.acks);
  }
  std::string operator()(const said::Truncated& note) const {
    return Partition(note) + " log end " + Number(note.old_end.value) + " -> " +
           Number(note.end.value) + ", epoch " + Number(note.epoch.value);
  }
  std::string operator()(const said::LogKept& note) const {
    return Partition(note) + " entries " +
           TraceRange(note.first.value, int64_t{note.first.value} + note.count) + " from offset " +
           Number(note.base.value) + " on";
  }
  std::string operator()(const said::Loaded& note) const { return Opened(note) + " (clean)"; }
  std::string operator()(const said::Recovered& note) const {
    return Opened(note) + ", " + Number(note.bytes_scanned) + " bytes scanned";
  }
  std::string operator()(const said::FlushedTo& note) const {
    return Partition(note) + " on the medium below " + Number(note.end.value);
  }

  // ---- Replication ----
  std::string operator()(const said::HighWatermark& note) const {
    return Moved(note) + " isr " + SetText(note.isr) + " epoch " + Number(note.epoch.value);
  }
  std::string operator()(const said::FollowerHighWatermark& note) const { return Moved(note); }
  std::string operator()(const said::FetchAnswered& note) const {
    return Partition(note) + " " + Range(note.from, note.to) + " to " + TraceName(note.follower) +
           (note.waited ? ", had waited" : "");
  }
  std::string operator()(const said::FollowerFetched& note) const {
    return Partition(note) + " from " + TraceName(note.follower) + " at " + Number(note.from.value);
  }
  std::string operator()(const said::Served& note) const {
    return Partition(note) + " " + Range(note.from, note.to) + " to consumer " +
           Number(uint32_t{note.consumer.value});
  }
  std::string operator()(const said::BecameLeader& note) const {
    return Partition(note) + " epoch " + Number(note.epoch.value) + " log end " +
           Number(note.end.value) + " HW " + Number(note.high_watermark.value);
  }
  std::string operator()(const said::BecameFollower& note) const {
    return Partition(note) + " epoch " + Number(note.epoch.value) + " of " +
           TraceName(note.leader) + " log end " + Number(note.end.value);
  }
  std::string operator()(const said::IsrProposed& note) const { return Isr(note); }
  std::string operator()(const said::IsrCommitted& note) const { return Isr(note); }
  std::string operator()(const said::ProposalForgotten& note) const {
    return Partition(note) + " " + SetText(note.proposed) + " for " + SetText(note.committed) +
           " epoch " + Number(note.leader_epoch.value) + " partition epoch " +
           Number(note.partition_epoch.value);
  }
  std::string operator()(const said::EpochAssigned& note) const {
    return Partition(note) + " epoch " + Number(note.epoch.value) + " starts at " +
           Number(note.start.value);
  }

  // ---- Controller ----
  std::string operator()(const said::Registered& note) const {
    return Session(note) + (note.clean ? " (clean)" : " (unclean)");
  }
  std::string operator()(const said::Fenced& note) const {
    const bool expired = note.reason == kafka::FenceReason::kSessionExpired;
    return Session(note) + (expired ? " (session expired)" : "");
  }
  std::string operator()(const said::Unfenced& note) const { return Session(note); }
  std::string operator()(const said::ControlledShutdown& note) const { return Session(note); }
  std::string operator()(const said::PartitionState& note) const {
    return Partition(note) + " leader " + TraceName(note.leader) + HowElected(note.election) +
           " epoch " + Number(note.leader_epoch.value) + " isr " + SetText(note.isr) + " elr " +
           SetText(note.elr);
  }

  std::string operator()(const said::SettingChanged& note) const {
    return Partition(note) + " " + SettingText(note.setting, note.value) +
           (note.of_cluster ? " (the cluster's)" : "");
  }
  std::string operator()(const said::SettingApplied& note) const {
    return Partition(note) + " " + SettingText(note.setting, note.value);
  }
  std::string operator()(const said::ElectionAsked& note) const {
    static constexpr const char* kOutcomes[] = {"", ", not needed", ", nobody is eligible"};
    const auto outcome = static_cast<uint32_t>(note.outcome);
    return Partition(note) + (note.unclean ? " unclean" : " preferred") +
           (outcome < std::size(kOutcomes) ? kOutcomes[outcome] : "");
  }

  // ---- Consumers ----
  std::string operator()(const said::Polled& note) const {
    return Partition(note) + " " + Range(note.from, note.to);
  }
  std::string operator()(const said::Processed& note) const {
    return Partition(note) + " " + Range(note.from, note.to) + " from entry " +
           Number(note.first.value);
  }
  std::string operator()(const said::Committed& note) const {
    return Partition(note) + " offset " + Number(note.offset.value);
  }
  std::string operator()(const said::PositionReset& note) const {
    const std::string from = note.from.known() ? Number(note.from.value) : "none";
    return Partition(note) + " position " + from + " -> " + Number(note.to.value);
  }
  std::string operator()(const said::ConsumerCaughtUp& note) const { return Partition(note); }
  std::string operator()(const said::ConsumerEnded& note) const {
    return Partition(note) + " " + ConsumerEndText(note.why);
  }

 private:
  template <typename Kind>
  std::string Partition(const Kind& note) const {
    return NameOfPartition(names_.setup, note.partition);
  }
  std::string Message(kafka::MessageId message) const {
    return NameOfMessage(names_.setup, names_.tables, message);
  }
  // "orders-0 m#0 and 2 more".
  template <typename Kind>
  std::string Batch(const Kind& note) const {
    const auto& batches = names_.tables.batches;
    const std::string unknown = Partition(note) + " batch " + Number(note.batch.value);
    if (note.batch.value >= batches.size()) return unknown;
    const kafka::Batch& batch = batches[note.batch.value];
    if (batch.first.value >= names_.tables.messages.size()) return unknown;
    const std::string first = Partition(note) + " " + Message(batch.first);
    return batch.count == 1 ? first : first + " and " + Number(batch.count - 1) + " more";
  }
  template <typename Kind>
  std::string Attempt(const Kind& note) const {
    return Batch(note) + " to " + TraceName(note.broker) +
           (note.attempt == 0 ? "" : ", attempt " + Number(note.attempt + 1));
  }
  // "[0, 3) m#0 and 2 more".
  std::string Entries(const said::Appended& note) const {
    const auto& tables = names_.tables;
    const uint32_t first = note.first.value;
    const bool known = note.partition.value < tables.appended.size() && note.count != 0 &&
                       first + note.count <= tables.appended[note.partition.value].entries.size();
    if (!known) return "at " + Number(note.base.value);
    const kafka::Offset end = tables.EndOf(note.partition, {first + note.count - 1});
    const kafka::Batch& batch = tables[tables.At(note.partition, {first}).batch];
    const int64_t records = (end - note.base).value;
    return Range(note.base, end) + " " + Message(batch.first) +
           (records > 1 ? " and " + Number(records - 1) + " more" : "");
  }
  template <typename Kind>
  std::string Opened(const Kind& note) const {
    return Partition(note) + " log end " + Number(note.end.value) + " HW " +
           Number(note.high_watermark.value);
  }
  template <typename Kind>
  std::string Moved(const Kind& note) const {
    return Partition(note) + " " + Number(note.from.value) + " -> " + Number(note.to.value);
  }
  template <typename Kind>
  std::string Isr(const Kind& note) const {
    return Partition(note) + " " + SetText(note.isr) + " epoch " + Number(note.leader_epoch.value);
  }
  template <typename Kind>
  static std::string Session(const Kind& note) {
    return TraceName(note.broker) + " epoch " + Number(note.epoch.value);
  }

  const TraceNames& names_;
};

}  // namespace

std::string KafkaLine(const TraceNames& names, const sim::Note& note) {
  return kafka::Notes::Visit(note, KafkaWords(names)).value_or("");
}

std::string TraceName(kafka::BrokerId broker) {
  return broker.exists() ? "broker-" + Number(broker.node_id()) : "none";
}
std::string TraceRange(int64_t from, int64_t to) {
  return "[" + Number(from) + ", " + Number(to) + ")";
}

std::string TraceLine(const TraceNames& names, const sim::Note& note) {
  return note.kind < sim::kFirstSystemNote ? EngineLine(names, note) : KafkaLine(names, note);
}

}  // namespace render
