#include "model/kafka/explain/chain.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace kafka::explain {
namespace {

using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::ledger::Fate;

// Rows of this rank and above are true, and of no use.
constexpr uint8_t kLeftOut = 6;

struct ChainBuilder {
  const Inquiry& inquiry;
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
  template <typename Kind>
  Row* Find();
  Row* LastErasing();
  Row* NoReturn();
};

void ChainBuilder::AddFaultRows() {
  for (const ChainFault& fault : chain.faults) {
    for (const RecordedNote& said : inquiry.notes()) {
      const auto fired = said.note.If<sim::notes::FaultFired>();
      if (!fired || fired->number != fault.plan) continue;
      const uint8_t rank = &fault == chain.faults.data() ? 0 : 2;
      const row::Fault detail{.plan = fault.plan,
                              .by_fallback = fired->by_fallback,
                              .met = fault.brokers,
                              .cache_lost = {}};
      chain.rows.push_back(MakeRow(detail, said, rank));
    }
  }
}

// What a fault does at once stands in its row: a cache that goes with the power, a process that
// ends.
void ChainBuilder::AbsorbIntoFaults() {
  std::vector<Row>& rows = chain.rows;
  for (Row& each : rows) {
    auto* fault = each.As<row::Fault>();
    if (fault == nullptr) continue;
    for (Row& row : rows) {
      if (row.header.event != each.header.event) continue;
      const auto* lost = row.As<row::CacheLost>();
      if (lost == nullptr && !row.Is<row::ProducerEnded, row::DiskLost>()) continue;
      if (lost != nullptr) fault->cache_lost = fault->cache_lost | lost->brokers;
      row.rank = 0xff;
    }
  }
  std::erase_if(rows, [](const Row& row) { return row.rank == 0xff; });
}

// Within an event: what the handler said comes before what a fault did to it.
int OrderInEvent(const Row& row) {
  if (row.Is<row::Fault>()) return 2;
  if (row.Is<row::CacheLost, row::DiskLost, row::ProducerEnded>()) return 3;
  return row.Is<row::Elected, row::Leaderless>() ? 1 : 0;
}

void ChainBuilder::Sort() {
  std::stable_sort(chain.rows.begin(), chain.rows.end(), [](const Row& a, const Row& b) {
    return std::tuple(a.header.event, OrderInEvent(a)) <
           std::tuple(b.header.event, OrderInEvent(b));
  });
}

// Whether the details of a row and of the one after it say the same of several brokers, or of
// several attempts. If so, the later details speak for both.
struct Merging {
  template <typename Earlier, typename Later>
  bool operator()(const Earlier&, Later&) const {
    return false;
  }
  bool operator()(const row::Copied& earlier, row::Copied& later) const {
    later.followers = earlier.followers | later.followers;
    return true;
  }
  bool operator()(const row::Durable& earlier, row::Durable& later) const {
    later.brokers = earlier.brokers | later.brokers;
    return true;
  }
  bool operator()(const row::CacheLost& earlier, row::CacheLost& later) const {
    later.brokers = earlier.brokers | later.brokers;
    return true;
  }
  bool operator()(const row::DiskLost& earlier, row::DiskLost& later) const {
    later.brokers = earlier.brokers | later.brokers;
    return true;
  }
  bool operator()(const row::IsrShrank& earlier, row::IsrShrank& later) const {
    later.left = earlier.left | later.left;
    return true;
  }
  bool operator()(const row::Truncated& earlier, row::Truncated& later) const {
    if (earlier.to != later.to || earlier.restarted != later.restarted) return false;
    later.brokers = earlier.brokers | later.brokers;
    return true;
  }
  bool operator()(const row::Rejected& earlier, row::Rejected& later) const {
    return earlier.error == later.error;
  }
  bool operator()(const row::Retried& earlier, row::Retried& later) const {
    return earlier.error == later.error;
  }
  bool operator()(const row::SentAgain& earlier, row::SentAgain& later) const {
    return earlier.to == later.to;
  }
};

void ChainBuilder::MergeNeighbours() {
  std::vector<Row> merged;
  for (const Row& row : chain.rows) {
    row::Detail detail = row.detail;
    if (merged.empty() || !std::visit(Merging(), std::as_const(merged.back().detail), detail)) {
      merged.push_back(row);
      continue;
    }
    Row& last = merged.back();
    const uint32_t times = last.times + row.times;
    const uint8_t rank = std::min(last.rank, row.rank);
    last = row;
    last.detail = detail;
    last.times = times;
    last.rank = rank;
  }
  chain.rows = std::move(merged);
}

// Leaves out, one after the other, the last row of the least rank; neighbours become one again.
void ChainBuilder::KeepWhatMatters() {
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

// Brokers that put a copy into their page cache.
BrokerSet WritersOf(const Row& row) {
  if (const auto* appended = row.As<row::Appended>()) return BrokerSet::Of(appended->leader);
  if (const auto* again = row.As<row::AppendedAgain>()) return BrokerSet::Of(again->leader);
  const auto* copied = row.As<row::Copied>();
  return copied == nullptr ? BrokerSet{} : copied->followers;
}

// In an event that a fault struck, a row that stands before the fault shows what was there before
// it.
Copies ChainBuilder::CopiesAt(const Row& row) const {
  const auto struck = [&](const RecordedNote& said) {
    return said.header.event == row.header.event && said.note.Is<sim::notes::FaultFired>();
  };
  const bool before_fault =
      OrderInEvent(row) < 2 && std::any_of(inquiry.notes().begin(), inquiry.notes().end(), struck);
  if (!before_fault) return inquiry.recording->After(row.header.event);
  Copies copies = inquiry.recording->Before(row.header.event);
  const BrokerSet writers = WritersOf(row);
  for (uint8_t i = 0; i < copies.size(); ++i) {
    if (writers.contains({i}) && copies[i] == Layer::kNone) copies[i] = Layer::kPageCache;
  }
  return copies;
}

void ChainBuilder::TakeCopies() {
  for (Row& row : chain.rows) row.copies = CopiesAt(row);
}

template <typename Kind>
Row* ChainBuilder::Find() {
  for (Row& row : chain.rows) {
    if (row.Is<Kind>()) return &row;
  }
  return nullptr;
}

bool Erases(const Row& row) {
  const auto* fault = row.As<row::Fault>();
  return row.Is<row::Truncated, row::CacheLost, row::DiskLost, row::ShortRecovery>() ||
         (fault != nullptr && !fault->cache_lost.empty());
}

// The row with which the last copy went, if there is none at the end.
Row* ChainBuilder::LastErasing() {
  const auto& states = inquiry.recording->states();
  if (states.empty() || IsAnywhere(states.back().copies)) return nullptr;
  for (auto row = chain.rows.rbegin(); row != chain.rows.rend(); ++row) {
    if (row->header.event == states.back().event && Erases(*row)) return &*row;
  }
  return nullptr;
}

// After it, no leader ever has the message again: the election of a leader without it, unless its
// last copy had gone before.
Row* ChainBuilder::NoReturn() {
  if (!inquiry.WasLost()) return nullptr;
  const kafka::ledger::Finding& finding = *inquiry.finding;
  Row* erased = LastErasing();
  if (erased != nullptr && !inquiry.LostByElection()) return erased;
  for (Row& row : chain.rows) {
    const bool elected = row.Is<row::Elected>() && finding.elected.exists() &&
                         row.header.event == finding.elected.event;
    if (elected && (erased == nullptr || row.header.event < erased->header.event)) return &row;
  }
  if (erased != nullptr && !finding.elected.exists()) return erased;
  for (Row& row : chain.rows) {
    if (finding.lost.exists() && row.header.event == finding.lost.event) return &row;
  }
  return erased;
}

void ChainBuilder::SetMarks() {
  if (Row* told = Find<row::ApplicationTold>()) {
    const auto acks = inquiry.ledger().messages[inquiry.message.value].acks();
    if (acks != kafka::Acks::kNone) told->marks |= Row::kPromise;
  }
  if (!inquiry.WasLost()) return;
  if (Row* row = NoReturn()) row->marks |= Row::kNoReturn;
  if (Row* row = LastErasing()) row->marks |= Row::kErased;
}

void ChainBuilder::SetDecisive() {
  const Row* told = Find<row::ApplicationTold>();
  const bool waited =
      told != nullptr && told->As<row::ApplicationTold>()->acks != kafka::Acks::kNone;
  for (Row& row : chain.rows) {
    if (row.Is<row::Sent>()) {
      row.decisive = !inquiry.moments.appended.event.exists() || (told != nullptr && !waited);
    } else if (row.Is<row::ApplicationTold>()) {
      row.decisive = waited;
    } else {
      row.decisive =
          row.Is<row::Appended, row::Failed, row::Fault, row::Elected, row::AppendedAgain>();
    }
  }
}

// The rows that may never go: the rank of whatever ends the last copy is raised.
void RaiseErasing(const Inquiry& inquiry, std::vector<Row>& rows) {
  const auto& states = inquiry.recording->states();
  if (!inquiry.WasLost() || states.empty() || IsAnywhere(states.back().copies)) return;
  for (Row& row : rows) {
    if (Erases(row) && row.header.event == states.back().event) row.rank = 0;
  }
}

}  // namespace

Chain TellChain(const Inquiry& inquiry) {
  ChainBuilder builder{inquiry, {}};
  std::vector<Row>& rows = builder.chain.rows;
  builder.chain.faults = FaultsInChain(inquiry);
  AddLogRows(inquiry, rows);
  AddProducerRows(inquiry, rows);
  AddConsumerRows(inquiry, rows);
  AddControllerRows(inquiry, rows);
  AddOvertakingRows(inquiry, rows);
  builder.AddFaultRows();
  builder.Sort();
  builder.AbsorbIntoFaults();
  RaiseErasing(inquiry, rows);
  builder.KeepWhatMatters();
  builder.TakeCopies();
  builder.SetMarks();
  builder.SetDecisive();
  return std::move(builder.chain);
}

}  // namespace kafka::explain
