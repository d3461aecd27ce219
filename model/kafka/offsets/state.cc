#include "model/kafka/offsets/state.h"

namespace kafka::offsets {

void HashInto(sim::StableHash& hash, const Committed& entry) {
  const auto& [group, partition, offset] = entry;
  hash(group, partition, offset);
}

void HashInto(sim::StableHash& hash, const Process& process) {
  const auto& [answers] = process;
  hash(answers);
}

void HashInto(sim::StableHash& hash, const OffsetStore& self) {
  const auto& [committed, process] = self;
  hash(committed, process);
}

}  // namespace kafka::offsets
