// tests/model/ledger_story.h
//
// A run told note by note: three brokers, one partition, messages of a batch each.
#ifndef TESTS_MODEL_LEDGER_STORY_H_
#define TESTS_MODEL_LEDGER_STORY_H_

#include <gtest/gtest.h>

#include <initializer_list>
#include <vector>

#include "model/kafka/ledger/truth.h"
#include "model/kafka/notes.h"
#include "sim/storage/host_storage.h"

namespace kafka::ledger {

struct StoryOptions {
  kafka::Acks acks = kafka::Acks::kAll;
  int32_t min_isr = 2;
  uint8_t replicas = 3;
  bool elr = true;
  bool has_callback = true;
  kafka::Mutant mutant = kafka::Mutant::kNone;
};

class Story {
 public:
  static constexpr kafka::PartitionId kPartition{0};
  static constexpr uint32_t kBatchBytes = 100;

  explicit Story(const StoryOptions& options = {}) : acks(options.acks) {
    setup.brokers.resize(3);
    setup.topics.resize(1);
    setup.topics[0].settings.min_insync_replicas = options.min_isr;
    setup.topics[0].partitions = {kPartition};
    kafka::PartitionSetup partition{.topic = {0}, .replicas = {}};
    for (uint8_t i = 0; i < options.replicas; ++i) partition.replicas.push_back({i});
    setup.partitions = {partition};
    setup.producers.resize(1);
    setup.producers[0].name = "producer/shop";
    setup.producers[0].program.has_callback = options.has_callback;
    setup.controller.elr = options.elr;
    setup.mutant = options.mutant;
    tables.appended.resize(1);
    truth.Begin(setup);
    for (uint8_t b = 0; b < options.replicas; ++b) in_sync = in_sync.With({b});
  }

  static kafka::BrokerSet Set(std::initializer_list<int> brokers) {
    kafka::BrokerSet set;
    for (const int broker : brokers) set = set.With({static_cast<uint8_t>(broker)});
    return set;
  }

  // One event a note.
  template <sim::NoteKind N>
  void Say(sim::MachineId machine, const N& what) {
    ++event;
    SayToo(machine, what);
  }
  // In the event of the note before.
  template <sim::NoteKind N>
  void SayToo(sim::MachineId machine, const N& what) {
    const sim::Note note = sim::Note::Of(machine, what);
    truth.Observe({{event}, {event - 1}, {int64_t{event} * 1'000'000}}, {&note, 1}, tables, setup);
  }
  static sim::MachineId Broker(int broker) {
    return MachineOf(kafka::BrokerId{static_cast<uint8_t>(broker)});
  }
  static sim::HostId HostOf(int broker) { return {static_cast<uint16_t>(broker + 1)}; }
  template <sim::NoteKind N>
  void SayBroker(int broker, const N& what) {
    Say(Broker(broker), what);
  }
  sim::MachineId producer() const { return MachineOf(setup, kafka::ProducerIndex{0}); }

  // As the program hands it to send(), of which nothing has been said yet.
  kafka::MessageId HandOver(uint32_t key = 0) {
    const uint32_t number = static_cast<uint32_t>(tables.messages.size());
    return tables.Add(kafka::Message{
        .number = number, .key = key, .producer = {0}, .partition = kPartition, .next = {}});
  }
  kafka::MessageId SendOne(uint32_t key = 0) {
    const kafka::MessageId message = HandOver(key);
    Say(producer(), notes::Sent{.partition = kPartition,
                                .message = message,
                                .acks = acks,
                                .has_callback = setup.producers[0].program.has_callback,
                                .idempotent = true});
    return message;
  }
  kafka::BatchId Send(uint32_t key = 0) { return BatchOf(SendOne(key), 1); }
  kafka::BatchId BatchOf(kafka::MessageId first, uint32_t count) {
    kafka::Batch batch;
    batch.first = first;
    batch.count = count;
    batch.bytes = kBatchBytes;
    batch.partition = kPartition;
    return tables.Add(batch);
  }
  // Several messages in one batch.
  kafka::BatchId SendTogether(uint32_t count) {
    const kafka::MessageId first = SendOne();
    for (uint32_t i = 1; i < count; ++i) tables.messages[first.value + i - 1].next = SendOne();
    return BatchOf(first, count);
  }
  void Told(kafka::BatchId batch) { Say(producer(), AckOf(batch)); }
  notes::AckedToApplication AckOf(kafka::BatchId batch) const {
    return {.partition = kPartition, .batch = batch, .base = {0}, .acks = acks};
  }
  void Failed(kafka::BatchId batch) {
    Say(producer(), notes::FailedToApplication{.partition = kPartition,
                                               .batch = batch,
                                               .error = kafka::Error::kNone,
                                               .maybe_written = true});
  }
  kafka::AppendedId Append(int leader, kafka::BatchId batch, int epoch = 0) {
    const kafka::Offset base = Log(leader).end;
    const kafka::AppendedId entry = tables.Add(kPartition, base, batch, {epoch});
    SayBroker(leader, notes::Appended{.partition = kPartition,
                                      .first = entry,
                                      .count = 1,
                                      .base = base,
                                      .epoch = {epoch},
                                      .as_leader = true});
    return entry;
  }
  void Copy(int from, int follower, kafka::AppendedId entry, int epoch = 0) {
    const kafka::Offset base = tables.At(kPartition, entry).base();
    AnswerFetch(from, follower, base.value, base.value + 1);
    SayBroker(follower, notes::Appended{.partition = kPartition,
                                        .first = entry,
                                        .count = 1,
                                        .base = base,
                                        .epoch = {epoch},
                                        .as_leader = false});
  }
  void AnswerFetch(int leader, int follower, int64_t from, int64_t to) {
    SayBroker(leader, notes::FetchAnswered{.partition = kPartition,
                                           .follower = {static_cast<uint8_t>(follower)},
                                           .from = {from},
                                           .to = {to}});
  }
  void Serve(int leader, int64_t from, int64_t to) {
    SayBroker(leader,
              notes::Served{.partition = kPartition, .consumer = {0}, .from = {from}, .to = {to}});
  }
  void FlushedTo(int broker, int64_t end) {
    SayBroker(broker, notes::FlushedTo{.partition = kPartition, .end = {end}});
  }
  void FollowerWatermark(int broker, int64_t to) {
    SayBroker(broker,
              notes::FollowerHighWatermark{
                  .partition = kPartition, .to = {to}, .from = {0}, .leader = {0}, .epoch = {0}});
  }
  void Register(int broker, uint16_t incarnation) {
    Say(kafka::kControllerMachine, notes::Registered{.broker = {static_cast<uint8_t>(broker)},
                                                     .epoch = {7},
                                                     .clean = false,
                                                     .incarnation = incarnation});
  }
  void Watermark(int leader, int64_t to, kafka::BrokerSet isr, int epoch = 0) {
    SayBroker(leader, notes::HighWatermark{.partition = kPartition,
                                           .to = {to},
                                           .from = Replica(leader).high_watermark,
                                           .isr = isr,
                                           .epoch = {epoch}});
  }
  // A message that the leader and these followers have.
  kafka::AppendedId Write(kafka::BatchId batch, int leader, std::initializer_list<int> followers,
                          int epoch = 0) {
    const kafka::AppendedId entry = Append(leader, batch, epoch);
    for (const int follower : followers) Copy(leader, follower, entry, epoch);
    return entry;
  }
  // ... and that is committed and acknowledged.
  kafka::BatchId Committed() {
    const kafka::BatchId batch = Send();
    const kafka::AppendedId entry =
        setup.partitions[0].replicas.size() == 1 ? Write(batch, 0, {}) : Write(batch, 0, {1, 2});
    Watermark(0, tables.EndOf(kPartition, entry).value, in_sync);
    Told(batch);
    return batch;
  }

  void Kill(int broker) {
    SayBroker(broker, sim::notes::ProcessKilled{.host = HostOf(broker), .incarnation = 1});
  }
  void Stop(int broker) {
    SayBroker(broker, sim::notes::StopRequested{.host = HostOf(broker)});
    SayBroker(broker, sim::notes::ProcessExited{.host = HostOf(broker), .incarnation = 1});
  }
  void Start(int broker) {
    SayBroker(broker, sim::notes::ProcessStarted{.host = HostOf(broker), .incarnation = 2});
  }
  // With all of the log from that offset on.
  void LosePower(int broker, int64_t from) {
    Kill(broker);
    Say({}, sim::notes::PowerLost{.host = HostOf(broker)});
    LoseBytes(broker, static_cast<uint64_t>(from) * kBatchBytes, 1 << 20);
  }
  void LoseDisk(int broker) {
    Kill(broker);
    Say({}, sim::notes::DiskReplaced{.host = HostOf(broker)});
  }
  // A crash has left so much of the log's file.
  void FindOnMedium(int broker, uint64_t bytes) {
    Say({}, sim::notes::Found{.host = HostOf(broker),
                              .file = {0},
                              .from = 0,
                              .to = bytes,
                              .kind = sim::StorageReportKind::kOnMedium});
  }
  // A start finds these entries in its file.
  void Recover(int broker, kafka::AppendedId first, uint32_t count) {
    SayBroker(broker, notes::LogKept{.partition = kPartition,
                                     .first = first,
                                     .count = count,
                                     .base = tables.At(kPartition, first).base()});
    SayToo(Broker(broker),
           notes::Recovered{.partition = kPartition,
                            .end = tables.EndOf(kPartition, {first.value + count - 1}),
                            .bytes_scanned = 0,
                            .high_watermark = {0}});
  }
  void LoseBytes(int broker, uint64_t from, uint64_t to) {
    Say({}, sim::notes::DataLost{.host = HostOf(broker),
                                 .file = {0},
                                 .from = from,
                                 .to = to,
                                 .how = sim::StorageReportKind::kLostTail});
  }
  void Record(int leader, kafka::Election how, int epoch, kafka::BrokerSet isr,
              kafka::BrokerSet elr = {}, int last_known = 0xff) {
    const kafka::BrokerId who{leader < 0 ? kafka::BrokerId::kNone : static_cast<uint8_t>(leader)};
    Say(kafka::kControllerMachine,
        notes::PartitionState{
            .partition = kPartition,
            .leader = who,
            .election = how,
            .leader_epoch = {epoch},
            .partition_epoch = {partition_epoch++},
            .isr = isr,
            .elr = elr,
            .last_known_leader = {static_cast<uint8_t>(last_known)},
            .min_isr = static_cast<int16_t>(setup.topics[0].settings.min_insync_replicas)});
  }
  // The partition epoch of the next records.
  int partition_epoch = 1;
  // The metadata come with the partition epoch that the leader has already: it takes them (KB:R-2).
  void ForgetProposal(int leader, kafka::BrokerSet proposed, kafka::BrokerSet committed) {
    const int epoch = partition_epoch - 1;
    SayBroker(leader, notes::ProposalForgotten{.partition = kPartition,
                                               .proposed = proposed,
                                               .leader_epoch = {0},
                                               .partition_epoch = {epoch},
                                               .committed = committed});
  }
  void Install(int broker, int epoch) {
    SayBroker(broker, notes::BecameLeader{.partition = kPartition,
                                          .epoch = {epoch},
                                          .end = Log(broker).end,
                                          .high_watermark = {0}});
  }
  void Elect(int leader, kafka::Election how, int epoch, kafka::BrokerSet isr,
             kafka::BrokerSet elr = {}) {
    Record(leader, how, epoch, isr, elr);
    Install(leader, epoch);
  }
  void Follow(int broker, int leader, int epoch) {
    SayBroker(broker, notes::BecameFollower{.partition = kPartition,
                                            .epoch = {epoch},
                                            .leader = {static_cast<uint8_t>(leader)},
                                            .end = {0}});
  }
  void Truncate(int broker, int64_t to) {
    SayBroker(broker,
              notes::Truncated{
                  .partition = kPartition, .end = {to}, .old_end = Log(broker).end, .epoch = {0}});
  }

  const kafka::ledger::Replica& Replica(int broker) const {
    return *truth.ledger.Find(kPartition, {static_cast<uint8_t>(broker)});
  }
  const ShadowLog& Log(int broker) const { return Replica(broker).log; }
  kafka::Offset TrueWatermark() const { return truth.ledger.of(kPartition).high_watermark; }
  Verdict Finish() {
    Verdict verdict;
    truth.Finish(tables, setup, verdict);
    return verdict;
  }
  uint64_t Violated(kafka::invariants::Invariant invariant) const {
    return truth.invariants.of(invariant).violated;
  }

  kafka::Setup setup;
  kafka::Tables tables;
  Truth truth;
  kafka::Acks acks;
  kafka::BrokerSet in_sync;
  uint32_t event = 0;
};

// The end of a story in which one end was met, and is explained.
inline Finding OnlyFinding(Story& story) {
  const Verdict verdict = story.Finish();
  EXPECT_FALSE(verdict.unexplained);
  EXPECT_EQ(verdict.findings.size(), 1u);
  return verdict.findings.empty() ? Finding{} : verdict.findings[0];
}

}  // namespace kafka::ledger

#endif  // TESTS_MODEL_LEDGER_STORY_H_
