#include "model/kafka/explain/chain.h"

#include <algorithm>
#include <tuple>

namespace kafka::explain {
namespace {

using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::ledger::Fate;

// Rows of this rank and above are true, and of no use.
constexpr uint8_t kLeftOut = 6;

struct Telling {
  const Inquiry& its;
  Chain chain;

  void AddFaultRows();
  void AbsorbIntoFaults();
  void KeepWhatMatters();
  void Sort();
  void MergeNeighbours();
  void TakeCopies();
  void SetMarks();
  void SetDecisive();
  Copies CopiesAt(const Row& row) const;
  Row* Find(RowKind kind);
  Row* LastErasing();
  Row* NoReturn();
};

void Telling::AddFaultRows() {
  for (const ChainFault& fault : chain.faults) {
    for (const Said& said : its.said()) {
      if (said.note.kind != sim::kNoteFaultFired || said.note.subject != fault.plan) continue;
      Row row = MakeRow(RowKind::kFault, said);
      row.brokers = fault.brokers;
      row.rank = &fault == chain.faults.data() ? 0 : 2;
      chain.rows.push_back(row);
    }
  }
}

// What a fault does at once stands in its row: a cache that goes with the power, a process that
// ends.
void Telling::AbsorbIntoFaults() {
  std::vector<Row>& rows = chain.rows;
  for (Row& fault : rows) {
    if (fault.kind != RowKind::kFault) continue;
    for (Row& row : rows) {
      if (row.header.event != fault.header.event) continue;
      const bool lost = row.kind == RowKind::kCacheLost;
      if (!lost && row.kind != RowKind::kProducerEnded) continue;
      if (lost) fault.extra |= row.brokers.value;
      row.rank = 0xff;
    }
  }
  std::erase_if(rows, [](const Row& row) { return row.rank == 0xff; });
}

// Within an event: what the handler said comes before what a fault did to it.
int OrderInEvent(const Row& row) {
  switch (row.kind) {
    case RowKind::kFault:
      return 2;
    case RowKind::kCacheLost:
    case RowKind::kProducerEnded:
      return 3;
    case RowKind::kElected:
    case RowKind::kLeaderless:
      return 1;
    default:
      return 0;
  }
}

void Telling::Sort() {
  std::stable_sort(chain.rows.begin(), chain.rows.end(), [](const Row& a, const Row& b) {
    return std::tuple(a.header.event, OrderInEvent(a)) <
           std::tuple(b.header.event, OrderInEvent(b));
  });
}

// Rows of a kind that say the same of several brokers, or of several attempts.
bool CanMerge(const Row& a, const Row& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case RowKind::kCopied:
    case RowKind::kDurable:
    case RowKind::kCacheLost:
    case RowKind::kIsrShrank:
      return true;
    case RowKind::kTruncated:
      return a.note.a == b.note.a && a.extra == b.extra;
    case RowKind::kRejected:
    case RowKind::kRetried:
      return a.note.b == b.note.b;
    case RowKind::kSentAgain:
      return a.note.b == b.note.b;
    case RowKind::kTookOffice:
    case RowKind::kServedAgain:
      return false;
    default:
      return false;
  }
}

void Telling::MergeNeighbours() {
  std::vector<Row> merged;
  for (const Row& row : chain.rows) {
    if (merged.empty() || !CanMerge(merged.back(), row)) {
      merged.push_back(row);
      continue;
    }
    Row& last = merged.back();
    const BrokerSet brokers = last.brokers | row.brokers;
    const uint32_t times = last.times + row.times;
    const uint8_t rank = std::min(last.rank, row.rank);
    const uint64_t extra = last.extra;
    last = row;
    last.brokers = brokers;
    last.times = times;
    last.rank = rank;
    last.extra = extra;
  }
  chain.rows = std::move(merged);
}

// Leaves out, one after the other, the last row of the least rank; neighbours become one again.
void Telling::KeepWhatMatters() {
  std::erase_if(chain.rows, [](const Row& row) { return row.rank >= kLeftOut; });
  MergeNeighbours();
  while (chain.rows.size() > kRowsAtMost) {
    auto least = chain.rows.begin();
    for (auto row = chain.rows.begin(); row != chain.rows.end(); ++row) {
      if (row->rank >= least->rank) least = row;
    }
    chain.rows.erase(least);
    MergeNeighbours();
  }
}

// In an event that a fault struck, a row that stands before the fault shows what was there before
// it.
Copies Telling::CopiesAt(const Row& row) const {
  const auto struck = [&](const Said& said) {
    return said.header.event == row.header.event && said.note.kind == sim::kNoteFaultFired;
  };
  const bool before_fault =
      OrderInEvent(row) < 2 && std::any_of(its.said().begin(), its.said().end(), struck);
  if (!before_fault) return its.recording->After(row.header.event);
  Copies copies = its.recording->Before(row.header.event);
  const bool writes = row.kind == RowKind::kAppended || row.kind == RowKind::kAppendedAgain ||
                      row.kind == RowKind::kCopied;
  for (uint8_t i = 0; writes && i < copies.size(); ++i) {
    if (row.brokers.contains({i}) && copies[i] == Layer::kNone) copies[i] = Layer::kPageCache;
  }
  return copies;
}

void Telling::TakeCopies() {
  for (Row& row : chain.rows) row.copies = CopiesAt(row);
}

Row* Telling::Find(RowKind kind) {
  for (Row& row : chain.rows) {
    if (row.kind == kind) return &row;
  }
  return nullptr;
}

bool Erases(const Row& row) {
  switch (row.kind) {
    case RowKind::kTruncated:
    case RowKind::kCacheLost:
    case RowKind::kShortRecovery:
    case RowKind::kOverwritten:
      return true;
    case RowKind::kFault:
      return row.extra != 0;
    default:
      return false;
  }
}

// The row with which the last copy went, if there is none at the end.
Row* Telling::LastErasing() {
  const auto& states = its.recording->states();
  if (states.empty() || IsAnywhere(states.back().copies)) return nullptr;
  for (auto row = chain.rows.rbegin(); row != chain.rows.rend(); ++row) {
    if (row->header.event == states.back().event && Erases(*row)) return &*row;
  }
  return nullptr;
}

// After it, no leader ever has the message again: the election of a leader without it, unless its
// last copy had gone before.
Row* Telling::NoReturn() {
  if (!its.WasLost()) return nullptr;
  const kafka::ledger::Finding& finding = *its.finding;
  Row* erased = LastErasing();
  if (erased != nullptr && !its.LostByElection()) return erased;
  for (Row& row : chain.rows) {
    const bool elected = row.kind == RowKind::kElected && finding.elected.exists() &&
                         row.header.event == finding.elected.event;
    if (elected && (erased == nullptr || row.header.event < erased->header.event)) return &row;
  }
  if (erased != nullptr && !finding.elected.exists()) return erased;
  for (Row& row : chain.rows) {
    if (finding.lost.exists() && row.header.event == finding.lost.event) return &row;
  }
  return erased;
}

void Telling::SetMarks() {
  if (Row* told = Find(RowKind::kTold)) {
    const auto acks = its.ledger().messages[its.message.value].acks();
    if (acks != kafka::Acks::kNone) told->marks |= Row::kPromise;
  }
  if (!its.WasLost()) return;
  if (Row* row = NoReturn()) row->marks |= Row::kNoReturn;
  if (Row* row = LastErasing()) row->marks |= Row::kErased;
}

void Telling::SetDecisive() {
  const Row* told = Find(RowKind::kTold);
  for (Row& row : chain.rows) {
    switch (row.kind) {
      case RowKind::kSent:
        row.decisive =
            !its.moments.appended.event.exists() || (told != nullptr && (told->note.c & 0xff) == 0);
        break;
      case RowKind::kTold:
        row.decisive = (row.note.c & 0xff) != 0;
        break;
      case RowKind::kAppended:
      case RowKind::kFailed:
      case RowKind::kFault:
      case RowKind::kElected:
      case RowKind::kAppendedAgain:
        row.decisive = true;
        break;
      default:
        break;
    }
  }
}

// The rows that may never go: the rank of whatever ends the last copy is raised.
void RaiseErasing(const Inquiry& its, std::vector<Row>& rows) {
  const auto& states = its.recording->states();
  if (!its.WasLost() || states.empty() || IsAnywhere(states.back().copies)) return;
  for (Row& row : rows) {
    if (Erases(row) && row.header.event == states.back().event) row.rank = 0;
  }
}

}  // namespace

Chain TellChain(const Inquiry& its) {
  Telling telling{its, {}};
  std::vector<Row>& rows = telling.chain.rows;
  telling.chain.faults = FaultsInChain(its);
  AddLogRows(its, rows);
  AddProducerRows(its, rows);
  AddConsumerRows(its, rows);
  AddControllerRows(its, rows);
  AddOvertakingRows(its, rows);
  telling.AddFaultRows();
  telling.Sort();
  telling.AbsorbIntoFaults();
  RaiseErasing(its, rows);
  telling.KeepWhatMatters();
  telling.TakeCopies();
  telling.SetMarks();
  telling.SetDecisive();
  return std::move(telling.chain);
}

}  // namespace kafka::explain
