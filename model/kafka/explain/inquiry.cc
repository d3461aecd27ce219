#include "model/kafka/explain/inquiry.h"

#include <algorithm>

namespace kafka::explain {
namespace {

using kafka::BatchId;
using kafka::BrokerId;
using kafka::ledger::Fate;

void FindMoments(Inquiry& inquiry) {
  Moments& at = inquiry.moments;
  for (const RecordedNote& said : inquiry.notes()) {
    const sim::Note& note = said.note;
    const auto first = [&](sim::NoteHeader& header) {
      if (!header.event.exists()) header = said.header;
    };
    const auto appended = note.If<notes::Appended>();
    const auto refused = note.If<notes::SendRefused>();
    if (appended && appended->as_leader && inquiry.IsOfPartition(note)) {
      const kafka::AppendedId entry = appended->first;
      if (at.appended.event.exists() || !inquiry.IsOurEntry(entry)) continue;
      at.appended = said.header;
      at.author = BrokerAt(inquiry.setup(), note.machine);
      at.offset = inquiry.tables().At(inquiry.partition, entry).base();
      at.offset_end = inquiry.tables().EndOf(inquiry.partition, entry);
      at.epoch = inquiry.tables().At(inquiry.partition, entry).epoch();
    } else if (refused && refused->message == inquiry.message) {
      first(at.failed);
    } else if (inquiry.IsOfBatch(note)) {
      if (note.Is<notes::ProduceSent>()) first(at.sent);
      if (note.Is<notes::AckedToApplication>()) first(at.told);
      if (note.Is<notes::FailedToApplication>()) first(at.failed);
    }
  }
}

// Where within its batch: a batch of three at 497 holds its second at 498.
void PlaceInBatch(Inquiry& inquiry) {
  if (!inquiry.moments.offset.known()) return;
  const kafka::AppendedId entry = inquiry.recording->entries().front();
  kafka::MessageId at = inquiry.tables()[inquiry.tables().At(inquiry.partition, entry).batch].first;
  while (at.exists() && at != inquiry.message) {
    inquiry.moments.offset = inquiry.moments.offset + kafka::RecordCount{1};
    at = inquiry.tables()[at].next;
  }
}

// The last removal of a copy, if nobody has one any more.
sim::NoteHeader LastRemoval(const Inquiry& inquiry) {
  sim::NoteHeader last;
  for (const kafka::ledger::Removal& removal : inquiry.ledger().removals) {
    if (removal.partition == inquiry.partition && inquiry.HoldsOurs(removal.ids)) {
      last = HeaderOf(removal.at);
    }
  }
  return last;
}

void FindEnd(Inquiry& inquiry) {
  Moments& at = inquiry.moments;
  at.end = inquiry.notes().back().header;
  if (inquiry.WasLost()) {
    const sim::NoteHeader last = LastRemoval(inquiry);
    at.end = inquiry.finding->lost.exists() ? HeaderOf(inquiry.finding->lost) : at.end;
    if (last.event.exists() && last.event > at.end.event) at.end = last;
    if (!inquiry.finding->lost.exists() && at.told.event.exists()) at.end = at.told;
  } else if (inquiry.fate == Fate::kFailedReported || inquiry.fate == Fate::kGhost) {
    if (at.failed.event.exists()) at.end = at.failed;
  } else if (inquiry.fate == Fate::kDuplicate || inquiry.fate == Fate::kReordered) {
    if (at.told.event.exists()) at.end = at.told;
  }
}

}  // namespace

kafka::BrokerSet Inquiry::replicas() const {
  kafka::BrokerSet set;
  for (const BrokerId replica : setup().partitions[partition.value].replicas) {
    set = set.With(replica);
  }
  return set;
}

bool Inquiry::IsOurEntry(kafka::AppendedId entry) const {
  const auto& entries = recording->entries();
  return std::find(entries.begin(), entries.end(), entry) != entries.end();
}

bool Inquiry::HoldsOurs(kafka::ledger::IdRange ids) const {
  const auto& entries = recording->entries();
  return std::any_of(entries.begin(), entries.end(),
                     [ids](kafka::AppendedId entry) { return ids.contains(entry); });
}

bool Inquiry::IsOfPartition(const sim::Note& note) const {
  return kafka::ledger::IsAboutPartition(note) && note.subject == partition.value;
}

bool Inquiry::IsOfBatch(const sim::Note& note) const {
  const auto batch = note.Visit<notes::BatchClosed, notes::ProduceSent, notes::AckedToApplication,
                                notes::FailedToApplication, notes::Retried, notes::Renumbered,
                                notes::Duplicate, notes::ProduceRejected, notes::Acknowledged>(
      [](const auto& about) { return about.batch; });
  return batch && recording->IsOurs(*batch);
}

std::optional<Fetch> FetchIn(const sim::Note& note) {
  return note.Visit<notes::FetchAnswered, notes::FollowerFetched>(
      [](const notes::FetchAnswered& answer) {
        return Fetch{.follower = answer.follower, .answered = true, .end = answer.to};
      },
      [](const notes::FollowerFetched& asked) {
        return Fetch{.follower = asked.follower, .answered = false, .end = asked.from};
      });
}

kafka::ledger::PartitionRecord Inquiry::RecordBefore(sim::EventId event) const {
  kafka::ledger::PartitionRecord found;
  for (const kafka::ledger::PartitionRecord& record : ledger().records) {
    if (record.partition != partition) continue;
    if (record.at.exists() && record.at.event >= event) break;
    found = record;
  }
  return found;
}

BrokerId Inquiry::LeaderAt(sim::EventId event) const {
  BrokerId leader = setup().partitions[partition.value].replicas.front();
  for (const kafka::ledger::Installation& each : ledger().installations) {
    if (each.partition == partition && each.at.event <= event) leader = each.leader;
  }
  return leader;
}

bool Inquiry::LostByElection() const {
  if (!WasLost() || !finding->lost.exists()) return false;
  const auto& all = ledger().installations;
  return std::any_of(all.begin(), all.end(), [&](const kafka::ledger::Installation& each) {
    return each.partition == partition && each.at.event == finding->lost.event;
  });
}

const sim::RealisedFault* Inquiry::Realised(uint16_t plan_index) const {
  for (const sim::RealisedFault& fault : outcome->realised) {
    if (fault.plan == plan_index) return &fault;
  }
  return nullptr;
}

Inquiry MakeInquiry(const Recording& recording, const kafka::World& world,
                    const kafka::RunOutcome& outcome, std::span<const sim::PlannedFault> plan) {
  Inquiry inquiry{.recording = &recording,
                  .world = &world,
                  .outcome = &outcome,
                  .plan = plan,
                  .message = recording.message(),
                  .partition = world.tables[recording.message()].partition,
                  .fate = outcome.verdict.read.fates[recording.message().value],
                  .moments = {}};
  for (const kafka::ledger::Finding& finding : outcome.verdict.findings) {
    const auto& messages = finding.messages;
    if (std::find(messages.begin(), messages.end(), inquiry.message) != messages.end()) {
      inquiry.finding = &finding;
    }
  }
  if (!inquiry.partition.exists()) return inquiry;
  FindMoments(inquiry);
  PlaceInBatch(inquiry);
  FindEnd(inquiry);
  return inquiry;
}

kafka::BrokerSet Inquiry::WithoutCopy() const {
  kafka::BrokerSet lacking = replicas();
  if (recording->states().empty()) return lacking;
  const Copies& copies = recording->states().back().copies;
  for (uint8_t i = 0; i < copies.size(); ++i) {
    if (copies[i] != Layer::kNone) lacking = lacking.Without(BrokerId{i});
  }
  return lacking;
}

const RecordedNote* Inquiry::ReadersEnd() const {
  const RecordedNote* end = nullptr;
  for (const RecordedNote& said : recording->notes()) {
    const sim::Note& note = said.note;
    const auto ended = note.If<notes::ConsumerEnded>();
    const auto polled = note.If<notes::Polled>();
    if (ended) {
      if (setup().Reads(ended->consumer, partition)) end = &said;
    } else if (polled && end != nullptr &&
               polled->consumer == end->note.As<notes::ConsumerEnded>().consumer) {
      end = nullptr;  // it was started again
    }
  }
  return end;
}

BrokerId BrokerOf(const kafka::Setup& setup, const sim::Note& note) {
  const auto about = note.Visit<notes::Fenced, notes::Registered, notes::Unfenced>(
      [](const auto& session) { return session.broker; });
  if (about) return *about;
  const auto host =
      note.Visit<sim::notes::KernelPanic, sim::notes::PowerLost, sim::notes::PowerBack,
                 sim::notes::WrittenBack, sim::notes::DataLost, sim::notes::Found,
                 sim::notes::DiskReplaced>([](const auto& met) { return met.host; });
  return host ? kafka::ledger::BrokerOfHost(setup, *host) : BrokerAt(setup, note.machine);
}

}  // namespace kafka::explain
