// Who reads which note about a log.
#include "model/kafka/ledger/truth.h"

namespace kafka::ledger {

// An invariant that compares with what was known before stands above the ledger, one that looks at
// what has become of it below. One switch for all of them, since it is gone through at every event.
void Truth::ObserveLog(const sim::Note& note, const kafka::Tables& tables,
                       const kafka::Setup& setup) {
  const Copies copies = ledger.CopiesOf(note);
  if (copies.own == nullptr) return;
  Replica& own = *copies.own;
  const kafka::invariants::View view(note, copies, ledger, tables, setup);
  switch (note.kind) {
    case kafka::kAppended:
      CheckFencedAppend(invariants, view);
      CheckNoDup(invariants, view);
      return ledger.OnAppended(note, tables, own);
    case kafka::kAcknowledged:
      return ledger.OnAcknowledged(note, tables);
    case kafka::kHighWatermark:
      CheckFencedClaim(invariants, view);
      CheckMinIsr(invariants, view);
      CheckCommittedClaim(invariants, view);
      ledger.OnHighWatermark(note, tables, own);
      return CheckLogMatch(invariants, view);
    case kafka::kFollowerHighWatermark:
      CheckFollowerWatermark(invariants, view);
      ledger.OnFollowerHighWatermark(note, own);
      return CheckLogMatch(invariants, view);
    case kafka::kFetchAnswered:
      CheckFencedFetch(invariants, view);
      TellAnswered(invariants, view);
      return ledger.OnFetchAnswered(note, copies);
    case kafka::kFollowerFetched:
      CheckFencedFetch(invariants, view);
      TellFetched(invariants, view);
      return ledger.OnFollowerFetched(copies);
    case kafka::kServed:
      CheckReadLimit(invariants, view);
      return CheckOffsetUnique(invariants, view);
    default:
      ObserveTurn(view, own);
  }
}

// What happens to a log when something has gone wrong, or has been mended.
void Truth::ObserveTurn(const kafka::invariants::View& view, Replica& own) {
  const sim::Note& note = view.note;
  switch (note.kind) {
    case kafka::kTruncated:
      CheckCommittedCut(invariants, view);
      return ledger.OnTruncated(note, view.tables, own);
    case kafka::kLoaded:
    case kafka::kRecovered:
      CheckHonestRecovery(invariants, view);
      ForgetTold(invariants, view);
      return ledger.OnOpened(note, view.tables, own);
    case kafka::kFlushedTo:
      CheckHonestFlush(invariants, view);
      return ledger.OnFlushed(note, own);
    case kafka::kBecameLeader:
      CheckLeaderComplete(invariants, view);
      CheckStableRead(invariants, view);
      AcceptLoss(invariants, view);
      return ledger.OnInstalled(note, view.tables, own);
    case kafka::kBecameFollower:
      return ledger.OnBecameFollower(note, own);
    case kafka::kIsrProposed:
      return CheckFencedProposal(invariants, view);
    case kafka::kIsrCommitted:
      return ledger.OnIsrCommitted(note, own);
    case kafka::kProduceRejected:
      return ledger.OnProduceRejected(note, view.tables);
    default:
      return;  // kDuplicate, kEpochAssigned
  }
}

}  // namespace kafka::ledger
