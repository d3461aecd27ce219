#include "model/kafka/invariants/invariants.h"

#include <algorithm>

namespace kafka::invariants {

const char* NameOf(Invariant invariant) {
  constexpr const char* kNames[kInvariantCount] = {"FC:I1_AckedDurable",
                                                   "FC:I2_LeaderComplete",
                                                   "FC:I3_LogMatch",
                                                   "FC:I4_CommittedPrefixImmutable",
                                                   "FC:I5_CandidateComplete",
                                                   "FC:I7_StableRead",
                                                   "FC:I8_NoDup",
                                                   "FC:I10_Fenced",
                                                   "FC:I16_OffsetUnique",
                                                   "FC:I17_ReadLimit",
                                                   "FC:I18_HonestRecovery",
                                                   "FC:I18_HonestFlush",
                                                   "KB:I-16_MinIsr",
                                                   "KB:I-17_FollowerWatermark"};
  return kNames[static_cast<uint32_t>(invariant)];
}

void Invariants::Begin(const kafka::ledger::Ledger& ledger) {
  tallies = {};
  violations.clear();
  drops.clear();
  below_watermark.assign(ledger.partitions.size(), {});
  delivered.assign(ledger.partitions.size(), {});
  told.assign(ledger.replicas.size(), {});
}

void Invariants::AtEnd(const kafka::ledger::Ledger& ledger, const kafka::Tables& tables,
                       const kafka::ledger::FinalRead& read) {
  CheckAckedDurable(*this, ledger, tables, read);
}

uint64_t Invariants::violated() const {
  uint64_t sum = 0;
  for (const Tally& tally : tallies) sum += tally.violated;
  return sum;
}

void Invariants::Violate(Invariant invariant, const kafka::ledger::Ledger& ledger,
                         const Place& place) {
  ++of(invariant).violated;
  if (violations.size() < kKept) {
    violations.push_back({.invariant = invariant,
                          .broker = place.broker,
                          .partition = place.partition,
                          .at = ledger.at(),
                          .offset = place.offset});
  }
}

void Invariants::Excepted(Invariant invariant, Exception exception) {
  Tally& tally = of(invariant);
  ++tally.evaluated;
  ++tally.nonvacuous;
  ++tally.excepted[static_cast<uint32_t>(exception)];
}

void HashInto(sim::StableHash& hash, const Tally& tally) {
  const auto& [evaluated, nonvacuous, violated, excepted] = tally;
  hash(evaluated, nonvacuous, violated, excepted);
}
void HashInto(sim::StableHash& hash, const SentWatermark& told) {
  const auto& [fetched, before, greatest] = told;
  hash(fetched, before, greatest);
}
void HashInto(sim::StableHash& hash, const Invariants& invariants) {
  const auto& [tallies, violations, drops, below_watermark, delivered, told] = invariants;
  hash(tallies, violations.size(), drops.size(), below_watermark, delivered, told);
}

}  // namespace kafka::invariants
