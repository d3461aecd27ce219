// Who reads which note about a log.
#include "model/kafka/ledger/truth.h"

namespace kafka::ledger {
namespace {

// An invariant that compares with what was known before stands above the ledger, one that looks at
// what has become of it below. Both lists of kinds are looked through at every note of a broker:
// inline.

// False: it is no note about the log itself.
[[gnu::always_inline]] inline bool ObserveLog(Truth& truth, const sim::Note& note,
                                              const kafka::invariants::View& view, Replica& own) {
  Ledger& ledger = truth.ledger;
  kafka::invariants::Invariants& invariants = truth.invariants;
  const kafka::Tables& tables = view.tables;
  return notes::LogNotes::Visit(
      note,
      [&](const notes::Appended& said) {
        CheckFencedAppend(invariants, view, said);
        CheckNoDup(invariants, view, said);
        ledger.OnAppended(said, tables, own);
      },
      [&](const notes::Acknowledged& said) { ledger.OnAcknowledged(said, tables); },
      [&](const notes::ProduceRejected& said) { ledger.OnProduceRejected(said, tables); },
      [&](const notes::Truncated& said) {
        CheckCommittedCut(invariants, view, said);
        ledger.OnTruncated(said, tables, own);
      },
      [&](const notes::LogKept& said) {
        CheckHonestRecovery(invariants, view, said);
        ledger.OnKept(said, tables, own);
      },
      [&](const notes::Loaded& said) {
        CheckHonestRecovery(invariants, view, said.end);
        ForgetSentWatermark(invariants, view);
        ledger.OnOpened(tables, said.partition, said.end, said.high_watermark, own);
      },
      [&](const notes::Recovered& said) {
        CheckHonestRecovery(invariants, view, said.end);
        ForgetSentWatermark(invariants, view);
        ledger.OnOpened(tables, said.partition, said.end, said.high_watermark, own);
      },
      [&](const notes::FlushedTo& said) {
        CheckHonestFlush(invariants, view, said);
        ledger.OnFlushed(said, own);
      },
      sim::Ignored<notes::Duplicate>{});
}

void OnFetchAnswered(Truth& truth, const notes::FetchAnswered& said,
                     const kafka::invariants::View& view, const Replica& own) {
  Replica* const follower = truth.ledger.Find(said.partition, said.follower);
  CheckFencedFetch(truth.invariants, view, follower);
  RecordAnswered(truth.invariants, view, said, follower);
  truth.ledger.OnFetchAnswered(said, own, follower);
}

void OnFollowerFetched(Truth& truth, const notes::FollowerFetched& said,
                       const kafka::invariants::View& view, const Replica& own) {
  Replica* const follower = truth.ledger.Find(said.partition, said.follower);
  CheckFencedFetch(truth.invariants, view, follower);
  RecordFetched(truth.invariants, view, said, follower);
  truth.ledger.OnFollowerFetched(own, follower);
}

[[gnu::always_inline]] inline void ObserveReplication(Truth& truth, const sim::Note& note,
                                                      const kafka::invariants::View& view,
                                                      Replica& own) {
  Ledger& ledger = truth.ledger;
  kafka::invariants::Invariants& invariants = truth.invariants;
  const kafka::Tables& tables = view.tables;
  notes::ReplicationNotes::Visit(
      note,
      [&](const notes::HighWatermark& said) {
        CheckFencedClaim(invariants, view, said);
        CheckMinIsr(invariants, view, said);
        CheckCommittedClaim(invariants, view, said);
        ledger.OnHighWatermark(said, tables, own);
        CheckLogMatch(invariants, view, {said.from, said.to});
      },
      [&](const notes::FollowerHighWatermark& said) {
        CheckFollowerWatermark(invariants, view, said);
        ledger.OnFollowerHighWatermark(said, own);
        CheckLogMatch(invariants, view, {said.from, said.to});
      },
      [&](const notes::FetchAnswered& said) { OnFetchAnswered(truth, said, view, own); },
      [&](const notes::FollowerFetched& said) { OnFollowerFetched(truth, said, view, own); },
      [&](const notes::Served& said) {
        CheckReadLimit(invariants, view, said);
        CheckOffsetUnique(invariants, view, said);
      },
      [&](const notes::BecameLeader& said) {
        CheckLeaderComplete(invariants, view, said);
        CheckStableRead(invariants, view, said);
        AcceptLoss(invariants, view, said);
        ledger.OnInstalled(said, tables, own);
      },
      [&](const notes::BecameFollower& said) { ledger.OnBecameFollower(said, own); },
      [&](const notes::IsrProposed& said) { CheckFencedProposal(invariants, view, said); },
      [&](const notes::IsrCommitted& said) { ledger.OnIsrCommitted(said, own); },
      [&](const notes::ProposalForgotten& said) { ledger.OnProposalForgotten(said, own); },
      [&](const notes::SettingApplied& said) { ledger.OnSettingApplied(said, own); },
      sim::Ignored<notes::EpochAssigned>{});
}

}  // namespace

void Truth::ObserveBroker(const sim::Note& note, const kafka::Tables& tables,
                          const kafka::Setup& setup) {
  Replica* const own = ledger.SpeakersCopy(note);
  if (own == nullptr) return;
  const kafka::invariants::View view(PartitionOf(note), *own, ledger, tables, setup);
  if (!ObserveLog(*this, note, view, *own)) ObserveReplication(*this, note, view, *own);
}

void Truth::ObserveController(const sim::Note& note, const kafka::Tables& tables,
                              const kafka::Setup& setup) {
  ledger.FoldController(note, tables);
  note.Visit<notes::PartitionState, notes::Registered>(
      [&](const notes::PartitionState& said) {
        CheckCandidateComplete(invariants, ledger, tables, setup, said);
      },
      [&](const notes::Registered& said) {
        CheckCandidateComplete(invariants, ledger, tables, setup, said);
      });
}

}  // namespace kafka::ledger
