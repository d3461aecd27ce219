// FC:I16: over the whole history, one offset is seen with one value.
// Reads Served: what consumers are served, against what they were served before.
#include "model/kafka/invariants/invariants.h"

namespace kafka::invariants {

using kafka::AppendedId;
using kafka::Offset;

void CheckOffsetUnique(Invariants& all, const View& view, const notes::Served& said) {
  const kafka::ledger::Replica& replica = view.replica();
  if (IsReplacedUncleanly(view.ledger, view.partition(), replica.epoch)) {
    return all.Excepted(Invariant::kOffsetUnique, Exception::kUncleanElection);
  }
  kafka::ledger::ShadowLog& delivered = all.delivered[view.partition().value];
  const kafka::ledger::TableView table = view.table();

  Offset differs = Offset::Unknown();
  AppendedId before;  // what was served there
  bool compared = false;
  for (Offset at = said.from; at < said.to;) {
    const AppendedId entry = replica.log.At(table, at);
    if (!entry.exists()) break;
    const Offset base = table.entry(entry.value).base();
    if (base >= delivered.end) {
      delivered.Append(table, {.first = entry.value, .count = 1}, base);
    } else if (delivered.Holds(entry)) {  // an entry stands at one offset alone
      compared = true;
    } else if (const AppendedId other = delivered.At(table, base); other.exists()) {
      compared = true;
      if (!differs.known()) before = other;
      if (!differs.known()) differs = base;
    }
    at = table.EndOf(entry.value);
  }
  if (!compared) return all.Vacuous(Invariant::kOffsetUnique);
  if (differs.known()) {
    const Exception exception = WhyAnotherHistory(all, view, differs, before);
    if (exception != Exception::kNone) return all.Excepted(Invariant::kOffsetUnique, exception);
  }
  all.Expect(Invariant::kOffsetUnique, !differs.known(), view.ledger,
             {view.partition(), view.broker(), differs});
}

}  // namespace kafka::invariants
