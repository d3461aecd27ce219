// What clients did and learnt.
#include "model/kafka/explain/chain.h"

namespace kafka::explain {
namespace {

using kafka::MessageId;
using kafka::Offset;
using kafka::ledger::Fate;

struct ProducerRows {
  const Inquiry& its;
  std::vector<Row>& rows;
  bool sent = false;
  bool told = false;

  bool TwiceOrLate() const {
    return its.fate == Fate::kDuplicate || its.fate == Fate::kReordered || its.fate == Fate::kGhost;
  }
  void Push(RowKind kind, const Said& said, uint8_t rank, uint64_t extra = 0) {
    Row row = MakeRow(kind, said);
    row.rank = rank;
    row.extra = extra;
    rows.push_back(row);
  }
  void OfBatch(const Said& said);
};

void ProducerRows::OfBatch(const Said& said) {
  const uint8_t attempt = TwiceOrLate() ? 1 : its.fate == Fate::kFailedReported ? 3 : 4;
  switch (said.note.kind) {
    case kafka::kProduceSent:
      Push(sent ? RowKind::kSentAgain : RowKind::kSent, said, sent ? attempt : uint8_t{1});
      sent = true;
      break;
    case kafka::kRetried:
      Push(RowKind::kRetried, said, attempt);
      break;
    case kafka::kRenumbered:
      Push(RowKind::kRenumbered, said, TwiceOrLate() ? 2 : 5);
      break;
    case kafka::kDuplicate:
      Push(RowKind::kRecognised, said, 3);
      break;
    case kafka::kProduceRejected:
      Push(RowKind::kRejected, said, its.fate == Fate::kFailedReported ? 2 : 4);
      break;
    case kafka::kAcknowledged:
      Push(RowKind::kAnswered, said, TwiceOrLate() ? 2 : 6);
      break;
    case kafka::kAckedToApplication:
      if (!told) Push(RowKind::kTold, said, 0);
      told = true;
      break;
    case kafka::kFailedToApplication:
      Push(RowKind::kFailed, said, 0);
      break;
    default:
      break;
  }
}

// Connections by serial: to whom they go.
struct Connections {
  std::vector<sim::MachineId> peers;

  void Learn(const sim::Note& note) {
    if (note.kind != sim::kNoteConnected) return;
    if (note.subject >= peers.size()) peers.resize(note.subject + 1);
    peers[note.subject] = {static_cast<uint16_t>(note.a)};
  }
  sim::MachineId PeerOf(const sim::Note& note) const {
    return note.subject < peers.size() ? peers[note.subject] : sim::MachineId::None();
  }
};

// The connection on which the producer waited, or on which acks=0 wrote, ends.
void AddDisconnected(const Inquiry& its, std::vector<Row>& rows) {
  Connections connections;
  kafka::BrokerId sent_to;
  for (const Said& said : its.said()) {
    connections.Learn(said.note);
    if (said.note.kind == kafka::kProduceSent && its.IsOfBatch(said.note)) {
      sent_to = {static_cast<uint8_t>(said.note.b)};
    }
    const bool ends = said.note.kind == sim::kNoteDisconnected &&
                      said.note.machine == its.producer() && said.note.a != 2;
    if (!ends || !sent_to.exists()) continue;
    if (connections.PeerOf(said.note) != MachineOf(sent_to)) continue;
    Row row = MakeRow(RowKind::kDisconnected, said);
    row.brokers = kafka::BrokerSet::Of(sent_to);
    row.rank = its.fate == Fate::kLostSilent && its.recording->entries().empty() ? 2 : 6;
    rows.push_back(row);
    return;
  }
}

bool Covers(const Inquiry& its, const sim::Note& note, Offset offset) {
  return its.IsOfPartition(note) && offset.known() &&
         note.b <= static_cast<uint64_t>(offset.value) &&
         static_cast<uint64_t>(offset.value) < note.c;
}

}  // namespace

Row MakeRow(RowKind kind, const Said& said) {
  Row row;
  row.kind = kind;
  row.header = said.header;
  row.note = said.note;
  return row;
}

void AddProducerRows(const Inquiry& its, std::vector<Row>& rows) {
  ProducerRows producer{its, rows};
  bool submitted = false;
  for (const Said& said : its.said()) {
    const sim::Note& note = said.note;
    if (note.kind == kafka::kSent && note.a == its.message.value) {
      const bool waited = its.fate == Fate::kFailedReported;  // its age is why it failed
      producer.Push(RowKind::kSubmitted, said,
                    waited                            ? 2
                    : its.moments.sent.event.exists() ? 6
                                                      : 1);
      submitted = true;
    } else if (note.kind == kafka::kSendRefused && note.a == its.message.value) {
      producer.Push(RowKind::kRefused, said, 0);
    } else if (note.kind == sim::kNoteProcessKilled || note.kind == sim::kNoteProcessExited) {
      if (submitted && note.machine == its.producer()) {
        producer.Push(RowKind::kProducerEnded, said, 1);
      }
    } else if (its.IsOfBatch(note)) {
      producer.OfBatch(said);
    }
  }
  AddDisconnected(its, rows);
}

void AddReadersEnd(const Inquiry& its, std::vector<Row>& rows) {
  const Said* end = its.IsAwaited() ? its.ReadersEnd() : nullptr;
  if (end == nullptr) return;
  Row row = MakeRow(RowKind::kReaderEnded, *end);
  row.rank = 0;
  rows.push_back(row);
}

void AddConsumerRows(const Inquiry& its, std::vector<Row>& rows) {
  AddReadersEnd(its, rows);
  const Offset offset = its.outcome->verdict.read.offsets[its.message.value];
  if (!offset.known()) return;
  bool served = false;
  bool passed = false;
  const bool matters = its.fate == Fate::kSkipped || its.fate == Fate::kDuplicate;
  for (const Said& said : its.said()) {
    const sim::Note& note = said.note;
    if (note.kind == kafka::kProcessed && Covers(its, note, offset)) {
      if (its.moments.appended.event > said.header.event) continue;
      Row row = MakeRow(served ? RowKind::kServedAgain : RowKind::kServed, said);
      row.rank = matters ? 1 : 4;
      served = true;
      rows.push_back(row);
    } else if (note.kind == kafka::kPositionReset && its.IsOfPartition(note) && !passed &&
               note.b > static_cast<uint64_t>(offset.value) && !served) {
      Row row = MakeRow(RowKind::kPassed, said);
      row.rank = matters ? 1 : 6;
      passed = true;
      rows.push_back(row);
    } else if (note.kind == kafka::kCommitted && its.IsOfPartition(note) && !passed && !served &&
               note.b > static_cast<uint64_t>(offset.value)) {
      Row row = MakeRow(RowKind::kPassed, said);
      row.rank = matters ? 1 : 6;
      passed = true;
      rows.push_back(row);
    }
  }
}

// The message of its producer and key that was sent later and stands earlier; the nearest.
void AddOvertakingRows(const Inquiry& its, std::vector<Row>& rows) {
  if (its.fate != Fate::kReordered) return;
  const kafka::Message& own = its.tables()[its.message];
  const auto& offsets = its.outcome->verdict.read.offsets;
  MessageId other;
  for (uint32_t i = 0; i < its.tables().messages.size(); ++i) {
    const kafka::Message& each = its.tables().messages[i];
    const bool rival = each.producer == own.producer && each.key == own.key &&
                       each.partition == own.partition && each.number > own.number;
    if (!rival || !offsets[i].known() || offsets[i] > offsets[its.message.value]) continue;
    if (!other.exists() || each.number < its.tables()[other].number) other = {i};
  }
  if (!other.exists()) return;
  const MessageId root = its.outcome->verdict.read.roots[other.value];
  for (const Said& said : its.said()) {
    if (said.note.kind != kafka::kAppended || !its.IsOfPartition(said.note)) continue;
    if (kafka::Low(said.note.c) == 0) continue;
    const kafka::AppendedId entry{kafka::High(said.note.a)};
    const kafka::BatchId batch = its.tables().At(its.partition, entry).batch;
    if (its.tables()[batch].first != root) continue;
    Row row = MakeRow(RowKind::kOvertaken, said);
    row.other = other;
    row.rank = 0;
    rows.push_back(row);
    return;
  }
}

}  // namespace kafka::explain
