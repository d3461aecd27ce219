// KB:I-17: a follower's high watermark is at most what the leader's was when the answer was made,
// which for an answer at once is what it was *before* the fetch (KB:R-12). What a process was told
// goes with it. Reads FollowerFetched, FetchAnswered, FollowerHighWatermark, Loaded and
// Recovered.
#include "model/kafka/invariants/invariants.h"

namespace kafka::invariants {

using kafka::Offset;

namespace {

SentWatermark& SentTo(Invariants& all, const View& view, const kafka::ledger::Replica& follower) {
  return all.told[static_cast<size_t>(&follower - view.ledger.replicas.data())];
}

// A leader that its follower has left talks to nobody: its answers will be refused. So will the
// answer to a fetch from a connection that was given up since: the follower holds more by now.
bool IsHeard(const View& view, const kafka::ledger::Replica* follower, Offset from) {
  if (follower == nullptr || view.replica().epoch < follower->epoch) return false;
  return from >= follower->log.end;
}

}  // namespace

void ForgetSentWatermark(Invariants& all, const View& view) {
  SentTo(all, view, view.replica()) = {};
}

void CheckFollowerWatermark(Invariants& all, const View& view,
                            const notes::FollowerHighWatermark& said) {
  const SentWatermark& told = SentTo(all, view, view.replica());
  const Offset to = said.to;
  const bool rises = to > said.from;  // falling, it follows its own log (KB:R-35)
  if (!rises || !told.greatest.known()) return all.Vacuous(Invariant::kFollowerWatermark);
  all.Expect(Invariant::kFollowerWatermark, to <= told.greatest, view.ledger,
             {view.partition(), view.broker(), to});
}

void RecordFetched(Invariants& all, const View& view, const notes::FollowerFetched& said,
                   const kafka::ledger::Replica* follower) {
  if (!IsHeard(view, follower, said.from)) return;
  SentTo(all, view, *follower) = {.fetched = view.ledger.now.event,
                                  .before = view.replica().high_watermark,
                                  .greatest = Offset::Unknown()};
}

void RecordAnswered(Invariants& all, const View& view, const notes::FetchAnswered& said,
                    const kafka::ledger::Replica* follower) {
  if (!IsHeard(view, follower, said.from)) return;
  SentWatermark& told = SentTo(all, view, *follower);
  // A parked fetch may be answered within its own event; the bounds are those of the answer then.
  const bool at_once = !said.waited && told.fetched == view.ledger.now.event;
  told.greatest = at_once ? told.before : view.replica().high_watermark;
}

}  // namespace kafka::invariants
