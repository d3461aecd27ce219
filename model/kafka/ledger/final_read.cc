#include "model/kafka/ledger/final_read.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <type_traits>

#include "sim/check.h"

namespace kafka::ledger {
namespace {

using kafka::MessageId;
using kafka::Offset;
using kafka::PartitionId;
using kafka::RecordCount;
using Stored = FinalFacts::Stored;
using Reported = FinalFacts::Reported;

struct Reader {
  const Ledger& ledger;
  const kafka::Tables& tables;
  const kafka::Setup& setup;
  FinalRead& out;

  void Prepare() const;
  bool ReadLog(PartitionId id, const Replica& replica, bool is_leader) const;
  void ReadPartition(PartitionId id) const;
  void FindInversions(PartitionId id) const;
  void Resolve(MessageId id, const MessageFacts& own, FinalFacts& facts) const;
  void Processing(MessageId id) const;
  void Count(const FinalFacts& facts, uint64_t messages) const;
};

void Reader::Prepare() const {
  const size_t count = std::max(tables.messages.size(), ledger.messages.size());
  out.facts.assign(count, {});
  out.fates.assign(count, Fate::kOk);
  out.counted.assign(count, 0);
  out.offsets.assign(count, Offset::Unknown());
  out.leaderless.clear();
  out.counts = {};
  out.sent = out.stored = out.unresolved = out.told_stored = out.told_sent = 0;
  out.in_log_twice = out.after_later_key = 0;
}

// True if each producer's messages stand in the order in which they were sent.
bool Reader::ReadLog(PartitionId id, const Replica& replica, bool is_leader) const {
  const TableView table{&tables, id};
  sim::IdMap<kafka::ProducerIndex, int64_t, kafka::kMaxProducers> greatest{};
  for (int64_t& number : greatest) number = -1;
  bool ascending = true;
  for (const ShadowRun& run : replica.log.runs) {
    for (uint32_t entry = run.ids.first; entry < run.ids.end(); ++entry) {
      const Offset base = table.entry(entry).base();
      const kafka::Batch& batch = tables[table.entry(entry).batch];
      const Offset readable_to = is_leader ? replica.high_watermark : Offset{0};
      int64_t& greatest_before = greatest[tables[batch.first].producer];  // of all in the batch
      int64_t before = greatest_before;
      MessageId message = batch.first;
      for (uint32_t i = 0; i < batch.count && message.exists(); ++i) {
        const Offset offset = base + RecordCount{i};
        const kafka::Message& sent = tables[message];
        FinalFacts& facts = out.facts[message.value];
        if (facts.stored == Stored::kNowhere) {
          facts.stored = Stored::kOnce;
          facts.readable = offset < readable_to;
          out.offsets[message.value] = offset;
        } else if (is_leader) {
          facts.stored = Stored::kTwice;
        }
        ascending &= before <= int64_t{sent.number};
        before = std::max<int64_t>(before, sent.number);
        message = sent.next;
      }
      greatest_before = before;
    }
  }
  return ascending;
}

void Reader::ReadPartition(PartitionId id) const {
  const PartitionRecord& record = ledger.of(id).record;
  const Replica* leader = ledger.Find(id, record.leader);
  if (leader != nullptr && leader->leads) {
    if (!ReadLog(id, *leader, true)) FindInversions(id);
    return;
  }
  if (record.leader_epoch.value < 0) return;  // it was never made
  out.leaderless.push_back(id);
  for (const Replica& replica : ledger.ReplicasOf(id)) ReadLog(id, replica, false);
}

// A message behind a later one of its producer and key. Most logs have no inversion at all, which
// reading them shows; only the others are sorted.
void Reader::FindInversions(PartitionId id) const {
  std::vector<MessageId> read;
  for (uint32_t i = 0; i < tables.messages.size(); ++i) {
    if (tables.messages[i].partition == id && out.offsets[i].known()) read.push_back({i});
  }
  const auto key_of = [this](MessageId m) {
    return std::pair(tables[m].producer.value, tables[m].key);
  };
  std::stable_sort(read.begin(), read.end(), [&](MessageId a, MessageId b) {
    return key_of(a) != key_of(b) ? key_of(a) < key_of(b)
                                  : out.offsets[a.value] < out.offsets[b.value];
  });
  for (size_t i = 1, greatest_at = 0; i < read.size(); ++i) {
    const bool same = key_of(read[i]) == key_of(read[greatest_at]);
    if (!same || tables[read[i]].number > tables[read[greatest_at]].number) {
      greatest_at = i;
      continue;
    }
    out.facts[read[i].value].after_later_key = true;
  }
}

// What the program has learnt. A refusal by send() reaches it as an exception or through the same
// callback, so that who has no callback learns of nothing, be it good or bad.
void Reader::Resolve(MessageId id, const MessageFacts& own, FinalFacts& facts) const {
  const bool failed = own.has(MessageFacts::kRefused) || own.has(MessageFacts::kFailed);
  const bool told = own.has(MessageFacts::kTold);
  facts.resolved = failed || told || id.value < ledger.abandoned_below[tables[id].producer];
  if (!own.has(MessageFacts::kHasCallback)) return;
  if (told) {
    facts.told = own.acks() == kafka::Acks::kNone ? Reported::kSent : Reported::kStored;
  } else if (failed) {
    facts.told = Reported::kError;
  }
}

void Reader::Processing(MessageId id) const {
  FinalFacts& facts = out.facts[id.value];
  const kafka::Message& message = tables[id];
  const kafka::TopicId topic = setup.partitions[message.partition.value].topic;
  for (const kafka::ConsumerSetup& consumer : setup.consumers) {
    if (consumer.program.topic != topic) continue;
    const kafka::GroupId group = consumer.program.group;
    const uint32_t times = (ledger.messages[id.value].processed >> (2 * group.value)) & 3;
    if (times > 1) facts.processed_twice = true;
    if (ledger.messages[id.value].has(MessageFacts::kOvertaken)) facts.after_later_key = true;
    if (times != 0) continue;
    const GroupProgress& progress = ledger.ProgressOf(group, message.partition);
    const bool passed = out.offsets[id.value] < std::max(progress.committed, progress.processed_to);
    (passed ? facts.skipped : facts.awaited) = true;
  }
}

// So many messages of which the same is known.
void Reader::Count(const FinalFacts& facts, uint64_t messages) const {
  out.sent += messages;
  out.stored += facts.stored != Stored::kNowhere ? messages : 0;
  out.unresolved += facts.resolved ? 0 : messages;
  out.told_stored += facts.told == Reported::kStored ? messages : 0;
  out.told_sent += facts.told == Reported::kSent ? messages : 0;
  out.in_log_twice += facts.stored == Stored::kTwice ? messages : 0;
  out.after_later_key += facts.after_later_key ? messages : 0;
  out.counts[static_cast<uint32_t>(FateOf(facts))] += messages;
}

// What has only just been written is compared by itself: a larger read that covers it would wait
// for the cache (4 ns a message).
bool IsLike(const FinalFacts& a, const FinalFacts& b) {
  static_assert(std::has_unique_object_representations_v<FinalFacts>);
  constexpr size_t kFrom = offsetof(FinalFacts, stored);
  return a.told == b.told && a.resolved == b.resolved &&
         std::memcmp(&a.stored, &b.stored, sizeof(FinalFacts) - kFrom) == 0;
}

}  // namespace

FinalRead ReadAtEnd(const Ledger& ledger, const kafka::Tables& tables, const kafka::Setup& setup,
                    FinalRead memory) {
  FinalRead out = std::move(memory);
  const Reader reader{ledger, tables, setup, out};
  reader.Prepare();
  for (uint16_t i = 0; i < ledger.partitions.size(); ++i) reader.ReadPartition({i});
  FinalFacts before;  // messages that share their facts share their fate, and most do
  Fate fate = FateOf(before);
  uint64_t alike = 0;
  const bool is_consumed = !setup.consumers.empty();
  // Where the vectors lie: what is written here are bytes, which might be these very pointers.
  const std::span<const MessageFacts> messages = ledger.messages;
  const std::span<FinalFacts> all_facts = out.facts;
  const std::span<uint8_t> counted = out.counted;
  const std::span<Fate> fates = out.fates;
  for (uint32_t i = 0; i < messages.size(); ++i) {
    const MessageFacts& sent = messages[i];
    if (!sent.was_handed_over()) continue;
    FinalFacts& facts = all_facts[i];
    reader.Resolve({i}, sent, facts);
    if (is_consumed && facts.stored != Stored::kNowhere) reader.Processing({i});
    if (!IsLike(facts, before)) {
      reader.Count(before, alike);
      before = facts;
      fate = FateOf(facts);
      alike = 0;
    }
    ++alike;
    counted[i] = 1;
    fates[i] = fate;
  }
  reader.Count(before, alike);
  uint64_t sum = 0;
  for (const uint64_t count : out.counts) sum += count;
  SIM_CHECK(sum == ledger.sent_count);
  return out;
}

}  // namespace kafka::ledger
