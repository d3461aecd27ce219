// FC:I2: a broker that becomes leader holds the whole committed prefix.
// Reads BecameLeader, before the ledger accepts what it lacks.
#include <algorithm>
#include <utility>

#include "model/kafka/invariants/invariants.h"

namespace kafka::invariants {

using kafka::AppendedId;
using kafka::BrokerId;
using kafka::LeaderEpoch;
using kafka::Offset;

namespace {

// A leader that has been replaced already, and does not know it, is nobody's leader.
bool IsOutdated(const View& view, LeaderEpoch epoch) {
  return epoch < view.ledger.of(view.partition()).record.leader_epoch;
}

void CutTo(const kafka::ledger::TableView& table, Offset end, kafka::ledger::ShadowLog& log) {
  while (log.CutPiece(table, end).count != 0) {
  }
}

void AddDrop(Invariants& all, const Drop& drop) {
  const bool continues = !all.drops.empty() && all.drops.back().partition == drop.partition &&
                         all.drops.back().exception == drop.exception &&
                         all.drops.back().epoch == drop.epoch &&
                         all.drops.back().ids.end() == drop.ids.first;
  if (continues) {
    ++all.drops.back().ids.count;
  } else {
    all.drops.push_back(drop);
  }
}

// The first entry of `prefix` at or after `from` that the log lacks for no allowed reason.
struct Missing {
  Offset offset = Offset::Unknown();
  Exception exception = Exception::kNone;
};
Missing FirstUnexcused(Invariants& all, const View& view, const kafka::ledger::ShadowLog& prefix,
                       LeaderEpoch epoch) {
  const kafka::ledger::Replica& replica = view.replica();
  Missing found;
  for (const kafka::ledger::ShadowRun& run : prefix.runs) {
    if (replica.log.HoldsAll(run.ids)) continue;
    for (uint32_t id = run.ids.first; id < run.ids.end(); ++id) {
      if (replica.log.Holds({id})) continue;
      const Offset offset = view.table().entry(id).base();
      const AppendedId instead = replica.log.At(view.table(), offset);
      const Exception exception =
          ExceptionFor(view.ledger, view.setup, {view.partition(), {id}, replica.broker, instead});
      AddDrop(all, {view.partition(), {.first = id, .count = 1}, exception, epoch});
      if (!found.offset.known() || found.exception != Exception::kNone) {
        found = {offset, exception};
      }
      if (exception == Exception::kNone) return found;
    }
  }
  return found;
}

}  // namespace

void CheckLeaderComplete(Invariants& all, const View& view, const notes::BecameLeader& said) {
  const kafka::ledger::ShadowLog& committed = view.ledger.of(view.partition()).committed;
  if (IsOutdated(view, said.epoch) || committed.runs.empty()) {
    return all.Vacuous(Invariant::kLeaderComplete);
  }
  const Missing missing = FirstUnexcused(all, view, committed, said.epoch);
  if (missing.exception != Exception::kNone) {
    return all.Excepted(Invariant::kLeaderComplete, missing.exception);
  }
  all.Expect(Invariant::kLeaderComplete, !missing.offset.known(), view.ledger,
             {view.partition(), view.broker(), missing.offset});
}

Exception WhyAnotherHistory(const Invariants& all, const View& view, Offset offset,
                            AppendedId before) {
  const kafka::ledger::Replica& replica = view.replica();
  for (const Drop& drop : all.drops) {
    if (drop.partition != view.partition() || drop.exception == Exception::kNone) continue;
    if (replica.epoch >= drop.epoch) continue;
    for (uint32_t id = drop.ids.first; id < drop.ids.end(); ++id) {
      if (view.table().entry(id).base() > offset) break;
      if (replica.log.Holds({id})) return drop.exception;
    }
  }
  const AppendedId now = replica.log.At(view.table(), offset);
  for (const kafka::ledger::Replica& each : view.ledger.ReplicasOf(view.partition())) {
    const auto without = [&](AppendedId entry) {
      return entry.exists() && view.ledger.AdmittedWithout(view.partition(), each.broker, entry);
    };
    if (without(before) || without(now)) return Exception::kForgottenJoin;
    for (const auto& [missing, instead] : {std::pair(now, before), std::pair(before, now)}) {
      const MissingRecord record{view.partition(), missing, each.broker, instead};
      if (IsTruncationUndone(view.ledger, view.setup, record)) return Exception::kTruncationUndone;
    }
  }
  return Exception::kNone;
}

// A leader that has been replaced before it began to lead counts as far as an exception allows what
// it lacks: it may serve and claim what it has until it learns of it.
void AcceptLoss(Invariants& all, const View& view, const notes::BecameLeader& said) {
  const kafka::ledger::Replica& replica = view.replica();
  const kafka::ledger::Partition& partition = view.ledger.of(view.partition());
  if (said.epoch < partition.claim.epoch) return;
  const uint32_t index = view.partition().value;
  for (kafka::ledger::ShadowLog* log : {&all.below_watermark[index], &all.delivered[index]}) {
    const Offset missing = FirstMissing(view.table(), *log, replica.log);
    if (missing == log->end) continue;
    if (IsOutdated(view, said.epoch)) {
      const AppendedId entry = log->At(view.table(), missing);
      const AppendedId instead = replica.log.At(view.table(), missing);
      const MissingRecord record{view.partition(), entry, replica.broker, instead};
      if (!entry.exists() || ExceptionFor(view.ledger, view.setup, record) == Exception::kNone) {
        continue;
      }
    }
    CutTo(view.table(), missing, *log);
  }
}

}  // namespace kafka::invariants
