// FC:I5: every running member of the ISR and of the ELR holds the whole committed prefix. Running:
// its process is up and has registered; before that the controller cannot know that it is another
// one. Reads PartitionState and Registered, after the ledger has folded them.
#include "model/kafka/invariants/invariants.h"

namespace kafka::invariants {

using kafka::BrokerSet;
using kafka::Offset;

namespace {

struct Surroundings {
  const kafka::ledger::Ledger& ledger;
  const kafka::Tables& tables;
  const kafka::Setup& setup;
};

// The exception for the first entry of the prefix that the replica lacks.
Exception WhyItLacks(const Surroundings& view, kafka::PartitionId id,
                     const kafka::ledger::Replica& replica, Offset missing) {
  const kafka::ledger::TableView table{&view.tables, id};
  const kafka::AppendedId entry = view.ledger.of(id).committed.At(table, missing);
  if (!entry.exists()) return Exception::kNone;
  const kafka::AppendedId instead = replica.log.At(table, missing);
  return ExceptionFor(view.ledger, view.setup, {id, entry, replica.broker, instead});
}

void CheckPartition(Invariants& all, const Surroundings& view, kafka::PartitionId id,
                    BrokerSet asked) {
  const kafka::ledger::Partition& partition = view.ledger.of(id);
  const kafka::ledger::TableView table{&view.tables, id};
  for (const kafka::ledger::Replica& replica : view.ledger.ReplicasOf(id)) {
    if (!asked.contains(replica.broker)) continue;
    if (!partition.record.eligible().contains(replica.broker)) continue;
    if (!view.ledger.running.contains(replica.broker)) continue;
    if (!view.ledger.registered.contains(replica.broker)) continue;
    if (partition.committed.runs.empty()) {
      all.Vacuous(Invariant::kCandidateComplete);
      continue;
    }
    const Offset missing = FirstMissing(table, partition.committed, replica.log);
    const bool whole = missing == partition.committed.end;
    const Exception exception = whole ? Exception::kNone : WhyItLacks(view, id, replica, missing);
    if (exception != Exception::kNone) {
      all.Excepted(Invariant::kCandidateComplete, exception);
      continue;
    }
    all.Expect(Invariant::kCandidateComplete, whole, view.ledger, {id, replica.broker, missing});
  }
}

}  // namespace

void CheckCandidateComplete(Invariants& all, const kafka::ledger::Ledger& ledger,
                            const kafka::Tables& tables, const kafka::Setup& setup,
                            const notes::PartitionState& said) {
  constexpr BrokerSet kEverybody{0xffff};
  CheckPartition(all, {ledger, tables, setup}, said.partition, kEverybody);
}

void CheckCandidateComplete(Invariants& all, const kafka::ledger::Ledger& ledger,
                            const kafka::Tables& tables, const kafka::Setup& setup,
                            const notes::Registered& said) {
  for (uint16_t i = 0; i < ledger.partitions.size(); ++i) {
    CheckPartition(all, {ledger, tables, setup}, {i}, BrokerSet::Of(said.broker));
  }
}

}  // namespace kafka::invariants
