#include "model/kafka/producer/partitioner.h"

#include "model/kafka/producer/accumulator.h"
#include "model/kafka/producer/settings.h"

namespace kafka::producer {
namespace {

struct Digits {
  char text[10];
  uint32_t count = 0;
  std::string_view view() const { return {text + sizeof(text) - count, count}; }
};

Digits DigitsOf(uint32_t key) {
  Digits digits;
  do {
    digits.text[sizeof(digits.text) - ++digits.count] = static_cast<char>('0' + key % 10);
    key /= 10;
  } while (key > 0);
  return digits;
}

uint32_t ByteAt(std::string_view data, size_t at) { return static_cast<uint8_t>(data[at]); }

// Uniform among the partitions that have a leader, all if none has (KC:P-20; without load stats).
uint16_t NextSticky(const Context& ctx, const Producer& self, uint32_t number) {
  const auto& partitions = self.process.partitions;
  uint64_t count = 0;
  for (const Partition& partition : partitions) count += partition.leader.exists() ? 1 : 0;
  const bool any = count == 0;
  if (any) count = partitions.size();
  uint64_t left = 0;  // of those that count, before the chosen one
  if (count > 1) {
    const uint64_t uid = sim::Mix(self.process.client.name, number);
    left = ctx.Choose(kStickyPartition, {.uid = uid}, count);
  }
  uint16_t at = 0;
  for (;; ++at) {
    if (!any && !partitions[at].leader.exists()) continue;
    if (left-- == 0) return at;
  }
}

// KC:P-20: enough was appended, and no open batch of the partition is left behind.
bool MaySwitch(const Context& ctx, const Producer& self, uint32_t record_bytes) {
  const StickyPartition& sticky = self.process.sticky;
  if (!sticky.exists()) return true;
  if (sticky.bytes < SettingsOf(ctx, self).batch_size) return false;
  return !TailTakes(self.process, self.process.partitions[sticky.index], record_bytes);
}

}  // namespace

int32_t Murmur2(std::string_view data) {
  constexpr uint32_t kSeed = 0x9747b28c;
  constexpr uint32_t kM = 0x5bd1e995;
  constexpr int kR = 24;
  uint32_t hash = kSeed ^ static_cast<uint32_t>(data.size());
  size_t at = 0;
  for (; at + 4 <= data.size(); at += 4) {
    uint32_t word = ByteAt(data, at) | ByteAt(data, at + 1) << 8 | ByteAt(data, at + 2) << 16 |
                    ByteAt(data, at + 3) << 24;
    word *= kM;
    word ^= word >> kR;
    word *= kM;
    hash = hash * kM ^ word;
  }
  const size_t rest = data.size() - at;
  if (rest == 3) hash ^= ByteAt(data, at + 2) << 16;
  if (rest >= 2) hash ^= ByteAt(data, at + 1) << 8;
  if (rest >= 1) hash = (hash ^ ByteAt(data, at)) * kM;
  hash = (hash ^ hash >> 13) * kM;
  return static_cast<int32_t>(hash ^ hash >> 15);
}

uint16_t PartitionForKey(uint32_t key, uint16_t partition_count) {
  const uint32_t positive = static_cast<uint32_t>(Murmur2(DigitsOf(key).view())) & 0x7fffffff;
  return static_cast<uint16_t>(positive % partition_count);
}

uint32_t KeyBytes(uint32_t key) { return DigitsOf(key).count; }

uint16_t ChoosePartition(const Context& ctx, Producer& self, const Record& record,
                         uint32_t record_bytes) {
  if (record.partition >= 0) return static_cast<uint16_t>(record.partition);
  if (record.has_key) {
    const auto count = static_cast<uint16_t>(self.process.partitions.size());
    return PartitionForKey(record.key, count);
  }
  StickyPartition& sticky = self.process.sticky;
  if (MaySwitch(ctx, self, record_bytes)) {
    sticky = {.index = NextSticky(ctx, self, record.number), .bytes = 0};
  }
  return sticky.index;
}

void MaybeUnstick(const Context& ctx, Producer& self, bool tail_full) {
  StickyPartition& sticky = self.process.sticky;
  const uint64_t size = SettingsOf(ctx, self).batch_size;
  if (!tail_full && sticky.bytes < 2 * size) return;
  sticky = {};
}

}  // namespace kafka::producer
