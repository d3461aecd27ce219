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
  void Push(const row::Detail& detail, const Said& said, uint8_t rank) {
    rows.push_back(MakeRow(detail, said, rank));
  }
  void OfBatch(const Said& said);
};

kafka::Error ErrorOf(const sim::Note& note) {
  return static_cast<kafka::Error>(static_cast<uint8_t>(note.b));
}
kafka::Acks AcksOf(uint64_t acks) { return static_cast<kafka::Acks>(static_cast<int8_t>(acks)); }
uint32_t AttemptOf(const sim::Note& note) { return static_cast<uint32_t>(note.c) + 1; }

void ProducerRows::OfBatch(const Said& said) {
  const sim::Note& note = said.note;
  const uint8_t attempt = TwiceOrLate() ? 1 : its.fate == Fate::kFailedReported ? 3 : 4;
  const kafka::BrokerId to{static_cast<uint8_t>(note.b)};
  switch (note.kind) {
    case kafka::kProduceSent:
      if (sent) return Push(row::SentAgain{to, AttemptOf(note)}, said, attempt);
      sent = true;
      return Push(row::Sent{{static_cast<uint32_t>(note.a)}, to}, said, 1);
    case kafka::kRetried:
      return Push(row::Retried{AttemptOf(note), ErrorOf(note)}, said, attempt);
    case kafka::kRenumbered:
      return Push(row::Renumbered{}, said, TwiceOrLate() ? 2 : 5);
    case kafka::kDuplicate:
      return Push(row::Recognised{}, said, 3);
    case kafka::kProduceRejected:
      return Push(row::Rejected{ErrorOf(note)}, said, its.fate == Fate::kFailedReported ? 2 : 4);
    case kafka::kAcknowledged:
      return Push(row::Answered{OffsetOf(note.b)}, said, TwiceOrLate() ? 2 : 6);
    case kafka::kAckedToApplication:
      if (!told) Push(row::Told{AcksOf(note.c)}, said, 0);
      told = true;
      return;
    case kafka::kFailedToApplication:
      return Push(row::Failed{ErrorOf(note)}, said, 0);
    default:
      return;
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
    const row::Disconnected detail{.peer = sent_to, .reset = said.note.a != 0};
    const bool only_trace = its.fate == Fate::kLostSilent && its.recording->entries().empty();
    rows.push_back(MakeRow(detail, said, only_trace ? 2 : 6));
    return;
  }
}

bool Covers(const Inquiry& its, const sim::Note& note, Offset offset) {
  return its.IsOfPartition(note) && offset.known() &&
         note.b <= static_cast<uint64_t>(offset.value) &&
         static_cast<uint64_t>(offset.value) < note.c;
}

// What a group did with the message, read in order.
struct ConsumerRows {
  const Inquiry& its;
  std::vector<Row>& rows;
  Offset offset;
  bool served = false;
  bool passed = false;

  bool Matters() const { return its.fate == Fate::kSkipped || its.fate == Fate::kDuplicate; }
  void AddServed(const Said& said);
  void AddPassed(const Said& said);
};

void ConsumerRows::AddServed(const Said& said) {
  if (its.moments.appended.event > said.header.event) return;
  const kafka::ConsumerIndex consumer{static_cast<uint16_t>(said.note.a)};
  const row::Detail detail =
      served ? row::Detail(row::ServedAgain{consumer}) : row::Detail(row::Served{consumer});
  rows.push_back(MakeRow(detail, said, Matters() ? 1 : 4));
  served = true;
}

// A position behind the message, before anybody processed it.
void ConsumerRows::AddPassed(const Said& said) {
  const sim::Note& note = said.note;
  if (passed || served || note.b <= static_cast<uint64_t>(offset.value)) return;
  row::Passed detail;
  if (note.kind == kafka::kPositionReset) {
    detail.how = row::Passed::ByReset{.consumer = {static_cast<uint16_t>(note.a)},
                                      .from = OffsetOf(note.c),
                                      .to = OffsetOf(note.b)};
  } else {
    detail.how = row::Passed::ByCommit{{static_cast<uint16_t>(note.a)}, OffsetOf(note.b)};
  }
  rows.push_back(MakeRow(detail, said, Matters() ? 1 : 6));
  passed = true;
}

}  // namespace

Row MakeRow(const row::Detail& detail, const Said& said, uint8_t rank) {
  Row row;
  row.detail = detail;
  row.header = said.header;
  row.machine = said.note.machine;
  row.rank = rank;
  return row;
}

void AddProducerRows(const Inquiry& its, std::vector<Row>& rows) {
  ProducerRows producer{its, rows};
  bool submitted = false;
  for (const Said& said : its.said()) {
    const sim::Note& note = said.note;
    if (note.kind == kafka::kSent && note.a == its.message.value) {
      const bool waited = its.fate == Fate::kFailedReported;  // its age is why it failed
      producer.Push(row::Submitted{AcksOf(note.b)}, said,
                    waited                            ? 2
                    : its.moments.sent.event.exists() ? 6
                                                      : 1);
      submitted = true;
    } else if (note.kind == kafka::kSendRefused && note.a == its.message.value) {
      producer.Push(row::Refused{ErrorOf(note)}, said, 0);
    } else if (note.kind == sim::kNoteProcessKilled || note.kind == sim::kNoteProcessExited) {
      if (submitted && note.machine == its.producer()) {
        producer.Push(row::ProducerEnded{}, said, 1);
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
  const row::ReaderEnded detail{.consumer = {static_cast<uint16_t>(end->note.a)},
                                .reason = static_cast<kafka::ConsumerEnd>(end->note.b)};
  rows.push_back(MakeRow(detail, *end, 0));
}

void AddConsumerRows(const Inquiry& its, std::vector<Row>& rows) {
  AddReadersEnd(its, rows);
  const Offset offset = its.outcome->verdict.read.offsets[its.message.value];
  if (!offset.known()) return;
  ConsumerRows consumers{its, rows, offset};
  for (const Said& said : its.said()) {
    const sim::Note& note = said.note;
    if (note.kind == kafka::kProcessed && Covers(its, note, offset)) {
      consumers.AddServed(said);
    } else if ((note.kind == kafka::kPositionReset || note.kind == kafka::kCommitted) &&
               its.IsOfPartition(note)) {
      consumers.AddPassed(said);
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
    const uint32_t last = kafka::High(said.note.a) + kafka::Low(said.note.a) - 1;
    const row::Overtaken detail{.other = other,
                                .from = OffsetOf(said.note.b),
                                .to = its.tables().EndOf(its.partition, {last})};
    rows.push_back(MakeRow(detail, said, 0));
    return;
  }
}

}  // namespace kafka::explain
