// What clients did and learnt.
#include "model/kafka/explain/chain.h"

namespace kafka::explain {
namespace {

using kafka::MessageId;
using kafka::Offset;
using kafka::ledger::Fate;

struct ProducerRows {
  const Inquiry& inquiry;
  std::vector<Row>& rows;
  bool sent = false;
  bool told = false;

  bool TwiceOrLate() const {
    return inquiry.fate == Fate::kDuplicate || inquiry.fate == Fate::kReordered ||
           inquiry.fate == Fate::kGhost;
  }
  void Push(const row::Detail& detail, const RecordedNote& said, uint8_t rank) {
    rows.push_back(MakeRow(detail, said, rank));
  }
  void OfBatch(const RecordedNote& said);
};

void ProducerRows::OfBatch(const RecordedNote& said) {
  const uint8_t attempt = TwiceOrLate() ? 1 : inquiry.fate == Fate::kFailedReported ? 3 : 4;
  said.note.Visit<notes::ProduceSent, notes::Retried, notes::Renumbered, notes::Duplicate,
                  notes::ProduceRejected, notes::Acknowledged, notes::AckedToApplication,
                  notes::FailedToApplication>(
      [&](const notes::ProduceSent& note) {
        if (sent) return Push(row::SentAgain{note.broker, note.attempt + 1}, said, attempt);
        sent = true;
        Push(row::Sent{note.batch, note.broker}, said, 1);
      },
      [&](const notes::Retried& note) {
        Push(row::Retried{note.attempt + 1, note.error}, said, attempt);
      },
      [&](const notes::Renumbered&) { Push(row::Renumbered{}, said, TwiceOrLate() ? 2 : 5); },
      [&](const notes::Duplicate&) { Push(row::Recognised{}, said, 3); },
      [&](const notes::ProduceRejected& note) {
        Push(row::Rejected{note.error}, said, inquiry.fate == Fate::kFailedReported ? 2 : 4);
      },
      [&](const notes::Acknowledged& note) {
        Push(row::Answered{note.base}, said, TwiceOrLate() ? 2 : 6);
      },
      [&](const notes::AckedToApplication& note) {
        if (!told) Push(row::ApplicationTold{note.acks}, said, 0);
        told = true;
      },
      [&](const notes::FailedToApplication& note) { Push(row::Failed{note.error}, said, 0); });
}

// Connections by serial: to whom they go.
struct Connections {
  std::vector<sim::MachineId> peers;

  void Learn(const sim::Note& note) {
    const auto connected = note.If<sim::notes::Connected>();
    if (!connected) return;
    if (connected->connection >= peers.size()) peers.resize(connected->connection + 1);
    peers[connected->connection] = connected->peer;
  }
  sim::MachineId PeerOf(uint32_t connection) const {
    return connection < peers.size() ? peers[connection] : sim::MachineId::None();
  }
};

// The connection on which the producer waited, or on which acks=0 wrote, ends.
void AddDisconnected(const Inquiry& inquiry, std::vector<Row>& rows) {
  Connections connections;
  kafka::BrokerId sent_to;
  for (const RecordedNote& said : inquiry.notes()) {
    connections.Learn(said.note);
    const auto sent = said.note.If<notes::ProduceSent>();
    if (sent && inquiry.IsOfBatch(said.note)) sent_to = sent->broker;
    const auto ended = said.note.If<sim::notes::Disconnected>();
    const bool ends = ended && said.note.machine == inquiry.producer() &&
                      ended->reason != sim::Disconnect::kRefused;
    if (!ends || !sent_to.exists()) continue;
    if (connections.PeerOf(ended->connection) != MachineOf(sent_to)) continue;
    const row::Disconnected detail{.peer = sent_to,
                                   .reset = ended->reason != sim::Disconnect::kClosed};
    const bool only_trace =
        inquiry.fate == Fate::kLostSilent && inquiry.recording->entries().empty();
    rows.push_back(MakeRow(detail, said, only_trace ? 2 : 6));
    return;
  }
}

// What a group did with the message, read in order.
struct ConsumerRows {
  const Inquiry& inquiry;
  std::vector<Row>& rows;
  Offset offset;
  bool served = false;
  bool passed = false;

  bool Matters() const {
    return inquiry.fate == Fate::kSkipped || inquiry.fate == Fate::kDuplicate;
  }
  bool Concerns(const notes::Processed& note) const;
  void AddServed(const RecordedNote& said, const notes::Processed& note);
  void AddPassed(const RecordedNote& said, const row::Passed& detail, Offset position);
};

// The message was among what the program was done with, at whatever offset.
bool ConsumerRows::Concerns(const notes::Processed& note) const {
  const kafka::Tables& tables = inquiry.tables();
  for (kafka::AppendedId entry = note.first;; ++entry.value) {
    Offset at = tables.At(inquiry.partition, entry).base();
    const kafka::Batch& batch = tables[tables.At(inquiry.partition, entry).batch];
    MessageId message = batch.first;
    for (uint32_t i = 0; i < batch.count && at < note.to; ++i, at = at + kafka::RecordCount{1}) {
      if (message == inquiry.message && at >= note.from) return true;
      message = tables[message].next;
    }
    if (at >= note.to) return false;
  }
}

void ConsumerRows::AddServed(const RecordedNote& said, const notes::Processed& note) {
  if (!Concerns(note)) return;
  const row::Detail detail = served ? row::Detail(row::ServedAgain{note.consumer})
                                    : row::Detail(row::Served{note.consumer});
  rows.push_back(MakeRow(detail, said, Matters() ? 1 : 4));
  served = true;
}

// A position behind the message, before anybody processed it.
void ConsumerRows::AddPassed(const RecordedNote& said, const row::Passed& detail, Offset position) {
  if (passed || served || position <= offset) return;
  rows.push_back(MakeRow(detail, said, Matters() ? 1 : 6));
  passed = true;
}

}  // namespace

Row MakeRow(const row::Detail& detail, const RecordedNote& said, uint8_t rank) {
  Row row;
  row.detail = detail;
  row.header = said.header;
  row.machine = said.note.machine;
  row.rank = rank;
  return row;
}

void AddProducerRows(const Inquiry& inquiry, std::vector<Row>& rows) {
  ProducerRows producer{inquiry, rows};
  bool submitted = false;
  for (const RecordedNote& said : inquiry.notes()) {
    const sim::Note& note = said.note;
    const auto taken = note.If<notes::Sent>();
    const auto refused = note.If<notes::SendRefused>();
    if (taken && taken->message == inquiry.message) {
      const bool waited = inquiry.fate == Fate::kFailedReported;  // its age is why it failed
      producer.Push(row::Submitted{taken->acks}, said,
                    waited                                ? 2
                    : inquiry.moments.sent.event.exists() ? 6
                                                          : 1);
      submitted = true;
    } else if (refused && refused->message == inquiry.message) {
      producer.Push(row::Refused{refused->error}, said, 0);
    } else if (note.Is<sim::notes::ProcessKilled, sim::notes::ProcessExited>()) {
      if (submitted && note.machine == inquiry.producer()) {
        producer.Push(row::ProducerEnded{}, said, 1);
      }
    } else if (inquiry.IsOfBatch(note)) {
      producer.OfBatch(said);
    }
  }
  AddDisconnected(inquiry, rows);
}

void AddReadersEnd(const Inquiry& inquiry, std::vector<Row>& rows) {
  const RecordedNote* end = inquiry.IsAwaited() ? inquiry.ReadersEnd() : nullptr;
  if (end == nullptr) return;
  const auto ended = end->note.As<notes::ConsumerEnded>();
  const row::ReaderEnded detail{.consumer = ended.consumer, .reason = ended.why};
  rows.push_back(MakeRow(detail, *end, 0));
}

void AddConsumerRows(const Inquiry& inquiry, std::vector<Row>& rows) {
  AddReadersEnd(inquiry, rows);
  const Offset offset = inquiry.outcome->verdict.read.offsets[inquiry.message.value];
  if (!offset.known()) return;
  ConsumerRows consumers{inquiry, rows, offset};
  for (const RecordedNote& said : inquiry.notes()) {
    if (!inquiry.IsOfPartition(said.note)) continue;
    said.note.Visit<notes::Processed, notes::PositionReset, notes::Committed>(
        [&](const notes::Processed& note) { consumers.AddServed(said, note); },
        [&](const notes::PositionReset& note) {
          const row::Passed::ByReset reset{note.consumer, note.from, note.to};
          consumers.AddPassed(said, {reset}, note.to);
        },
        [&](const notes::Committed& note) {
          const row::Passed::ByCommit commit{note.group, note.offset};
          consumers.AddPassed(said, {commit}, note.offset);
        });
  }
}

// The message of its producer and key that was sent later and stands earlier; the nearest.
void AddOvertakingRows(const Inquiry& inquiry, std::vector<Row>& rows) {
  if (inquiry.fate != Fate::kReordered) return;
  const kafka::Message& own = inquiry.tables()[inquiry.message];
  const auto& offsets = inquiry.outcome->verdict.read.offsets;
  MessageId other;
  for (uint32_t i = 0; i < inquiry.tables().messages.size(); ++i) {
    const kafka::Message& each = inquiry.tables().messages[i];
    const bool rival = each.producer == own.producer && each.key == own.key &&
                       each.partition == own.partition && each.number > own.number;
    if (!rival || !offsets[i].known() || offsets[i] > offsets[inquiry.message.value]) continue;
    if (!other.exists() || each.number < inquiry.tables()[other].number) other = {i};
  }
  if (!other.exists()) return;
  for (const RecordedNote& said : inquiry.notes()) {
    const auto appended = said.note.If<notes::Appended>();
    if (!appended || !appended->as_leader || !inquiry.IsOfPartition(said.note)) continue;
    const kafka::AppendedId entry = appended->first;
    const kafka::BatchId batch = inquiry.tables().At(inquiry.partition, entry).batch;
    if (!inquiry.tables().Contains(batch, other)) continue;
    const uint32_t last = entry.value + appended->count - 1;
    const row::Overtaken detail{.other = other,
                                .from = appended->base,
                                .to = inquiry.tables().EndOf(inquiry.partition, {last})};
    rows.push_back(MakeRow(detail, said, 0));
    return;
  }
}

}  // namespace kafka::explain
