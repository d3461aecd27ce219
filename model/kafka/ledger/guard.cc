#include "model/kafka/ledger/guard.h"

#include <type_traits>

#include "model/kafka/context.h"
#include "model/kafka/notes.h"

namespace kafka::ledger {

using kafka::AppendedId;
using kafka::BatchId;
using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::Offset;
using kafka::PartitionId;

namespace {

// Whom the note is about: the broker that it names as its actor, or the one on its host, or the
// speaker.
template <typename N>
BrokerId ActorOf(const N& said, sim::MachineId speaker, const kafka::Setup& setup) {
  if constexpr (requires { N::kActor; }) {
    return said.*(N::kActor);
  } else if constexpr (requires { said.host; }) {
    return speaker.exists() ? BrokerAt(setup, speaker) : BrokerOfHost(setup, said.host);
  } else {
    return BrokerAt(setup, speaker);
  }
}

// The last entry below `end` in the log of who says it; consumers read from the leader.
AppendedId LastBelow(const Ledger& ledger, const kafka::Tables& tables, PartitionId id,
                     BrokerId broker, Offset end) {
  if (end <= Offset{0}) return AppendedId::None();
  const BrokerId whose = broker.exists() ? broker : ledger.of(id).last_leader;
  const Replica* replica = ledger.Find(id, whose);
  if (replica == nullptr) return AppendedId::None();
  return replica->log.At({&tables, id}, end - kafka::RecordCount{1});
}

// What a note is about, and where to look it up. One overload for each word of kAbout
// (model/kafka/notes/kind.h), and one for the bytes of files, of which the engine speaks.
struct Resolver {
  const Ledger& ledger;
  const kafka::Tables& tables;
  Subject& subject;

  template <typename N>
  void Resolve(const notes::AboutMessage<N>& about, const N& said) const {
    subject.message = said.*(about.message);
    subject.partition = tables[subject.message].partition;
  }
  template <typename N>
  void Resolve(const notes::AboutBatch<N>& about, const N& said) const {
    subject.batch = said.*(about.batch);
    subject.entry = ledger.FirstOf(tables, subject.batch).entry;
    subject.partition = tables[subject.batch].partition;
  }
  template <typename N>
  void Resolve(const notes::AboutEntries<N>& about, const N& said) const {
    subject.entry = {(said.*(about.first)).value + said.*(about.count) - 1};
  }
  template <typename N>
  void Resolve(const notes::AboutEnd<N>& about, const N& said) const {
    subject.entry = LastBelow(ledger, tables, subject.partition, subject.broker, said.*(about.end));
  }
  void ResolveBytes(sim::FileId file, uint64_t to) const {
    if (file.value >= ledger.partitions.size()) return;
    subject.partition = {file.value};
    const Replica* replica = ledger.Find(subject.partition, subject.broker);
    if (replica == nullptr) return;
    const Offset end = replica->log.OffsetAtByte({&tables, subject.partition}, to);
    subject.entry = LastBelow(ledger, tables, subject.partition, subject.broker, end);
  }
};

bool AtLeast(int64_t value, int32_t bound) {
  return bound == sim::FaultGuard::kAny || value >= bound;
}
bool AtMost(int64_t value, int32_t bound) {
  return bound == sim::FaultGuard::kAny || value <= bound;
}

}  // namespace

bool IsAboutBatch(const sim::Note& note) {
  constexpr auto about = AllNotes::TableOf<bool>(false, []<typename N>() {
    if constexpr (requires { N::kAbout; }) {
      return std::is_same_v<decltype(N::kAbout), const notes::AboutBatch<N>>;
    } else {
      return false;
    }
  });
  return note.kind < about.size() && about[note.kind];
}

bool IsAboutPartition(const sim::Note& note) { return kafka::IsAboutPartition(note.kind); }

Subject SubjectOf(const Ledger& ledger, const sim::Note& note, const kafka::Tables& tables,
                  const kafka::Setup& setup) {
  Subject subject;
  const Resolver resolver{ledger, tables, subject};
  AllNotes::Visit(note, [&]<typename N>(const N& said) {
    subject.broker = ActorOf(said, note.machine, setup);
    if constexpr (notes::HasPartition<N>) subject.partition = said.partition;
    if constexpr (requires { N::kAbout; }) {
      resolver.Resolve(N::kAbout, said);
    } else if constexpr (requires { said.file; }) {
      resolver.ResolveBytes(said.file, said.to);
    }
  });
  if (subject.entry.exists() && !subject.batch.exists()) {
    subject.batch = tables.At(subject.partition, subject.entry).batch;
  }
  if (subject.batch.exists() && !subject.message.exists()) {
    subject.message = tables[subject.batch].first;
  }
  return subject;
}

uint64_t UidOf(const Subject& subject, const kafka::Tables& tables, const kafka::Setup& setup) {
  return subject.message.exists() ? kafka::UidOf(setup, tables, subject.message) : 0;
}

bool GuardHolds(const Ledger& ledger, const sim::FaultGuard& guard, const sim::Note& note,
                const kafka::Tables& tables, const kafka::Setup& setup) {
  if (!AtLeast(static_cast<int64_t>(ledger.told_count), guard.acknowledged_min)) return false;
  if (!AtLeast(static_cast<int64_t>(ledger.sent_count), guard.sent_min)) return false;
  const Subject subject = SubjectOf(ledger, note, tables, setup);
  if (guard.actor != sim::FaultGuard::kAny && guard.actor != int32_t{subject.broker.value}) {
    return false;
  }
  if (guard.isr_size != sim::FaultGuard::kAny) {
    if (!subject.partition.exists()) return false;
    if (ledger.of(subject.partition).record.isr.size() != guard.isr_size) return false;
  }
  constexpr int32_t kAny = sim::FaultGuard::kAny;
  const bool counts = guard.copies_min != kAny || guard.copies_max != kAny;
  if (!counts && guard.in_flight_max == kAny) return true;
  if (!subject.message.exists()) return false;
  int copies = 0;  // a message that no broker has appended has no copy
  int in_flight = 0;
  if (subject.entry.exists()) {
    const BrokerSet holders = ledger.Holders(subject.partition, subject.entry);
    copies = (holders & ledger.running).size();
    in_flight = ledger.InFlight(tables, subject.partition, subject.entry);
  }
  return AtLeast(copies, guard.copies_min) && AtMost(copies, guard.copies_max) &&
         AtMost(in_flight, guard.in_flight_max);
}

bool IsAbout(const Ledger& ledger, const sim::Note& note, uint64_t uid, const kafka::Tables& tables,
             const kafka::Setup& setup) {
  const Subject subject = SubjectOf(ledger, note, tables, setup);
  if (!subject.message.exists()) return false;
  kafka::MessageId message = subject.message;
  const uint32_t count = subject.batch.exists() ? tables[subject.batch].count : 1;
  for (uint32_t i = 0; i < count && message.exists(); ++i, message = tables[message].next) {
    if (kafka::UidOf(setup, tables, message) == uid) return true;
  }
  return false;
}

}  // namespace kafka::ledger
