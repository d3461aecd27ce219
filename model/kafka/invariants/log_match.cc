// FC:I3: two replicas never hold different records at one offset below the smaller of their own
// high watermarks. What anybody has below its own is put into one log, and everybody is compared
// with it. Reads HighWatermark and FollowerHighWatermark.
#include "model/kafka/invariants/invariants.h"

namespace kafka::invariants {

using kafka::AppendedId;
using kafka::Offset;

void CheckLogMatch(Invariants& all, const View& view, const Move& moved) {
  const Offset to = moved.to;
  const Offset from = moved.from;
  const kafka::ledger::Replica& replica = view.replica();
  if (to <= from) return all.Vacuous(Invariant::kLogMatch);
  if (IsReplacedUncleanly(view.ledger, view.partition(), replica.epoch)) {
    return all.Excepted(Invariant::kLogMatch, Exception::kUncleanElection);
  }
  kafka::ledger::ShadowLog& known = all.below_watermark[view.partition().value];
  const kafka::ledger::TableView table = view.table();
  Offset differs = Offset::Unknown();
  AppendedId before;  // what somebody had there
  bool compared = false;
  for (Offset at = from; at < to;) {
    const AppendedId entry = replica.log.At(table, at);
    if (!entry.exists()) break;
    const Offset end = table.EndOf(entry.value);
    if (end > to) break;
    if (const Offset base = table.entry(entry.value).base(); base >= known.end) {
      known.Append(table, {.first = entry.value, .count = 1}, base);
    } else if (known.Holds(entry)) {  // an entry stands at one offset alone
      compared = true;
    } else if (const AppendedId other = known.At(table, at); other.exists()) {
      compared = true;
      if (other != entry && !differs.known()) before = other;
      if (other != entry && !differs.known()) differs = at;
    }
    at = end;
  }
  if (!compared) return all.Vacuous(Invariant::kLogMatch);
  if (differs.known()) {
    const Exception exception = WhyAnotherHistory(all, view, differs, before);
    if (exception != Exception::kNone) return all.Excepted(Invariant::kLogMatch, exception);
  }
  all.Expect(Invariant::kLogMatch, !differs.known(), view.ledger,
             {view.partition(), view.broker(), differs});
}

}  // namespace kafka::invariants
