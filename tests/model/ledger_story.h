// tests/model/ledger_story.h
//
// A run told note by note: three brokers, one partition, messages of a batch each.
#ifndef TESTS_MODEL_LEDGER_STORY_H_
#define TESTS_MODEL_LEDGER_STORY_H_

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
  void Say(uint16_t kind, sim::MachineId machine, uint32_t subject, uint64_t a = 0, uint64_t b = 0,
           uint64_t c = 0) {
    const sim::Note note{
        .kind = kind, .machine = machine, .subject = subject, .a = a, .b = b, .c = c};
    ++event;
    truth.Observe({{event}, {event - 1}, {int64_t{event} * 1'000'000}}, {&note, 1}, tables, setup);
  }
  void SayBroker(uint16_t kind, int broker, uint64_t a = 0, uint64_t b = 0, uint64_t c = 0) {
    Say(kind, MachineOf(kafka::BrokerId{static_cast<uint8_t>(broker)}), 0, a, b, c);
  }
  sim::MachineId producer() const { return MachineOf(setup, kafka::ProducerIndex{0}); }

  kafka::BatchId Send(uint32_t key = 0) {
    const uint32_t number = static_cast<uint32_t>(tables.messages.size());
    const kafka::MessageId message = tables.Add(kafka::Message{
        .number = number, .key = key, .producer = {0}, .partition = kPartition, .next = {}});
    const uint64_t wire = acks == kafka::Acks::kAll ? 255 : static_cast<uint64_t>(acks);
    const uint64_t callback = setup.producers[0].program.has_callback ? 256 : 0;
    Say(kafka::kSent, producer(), 0, message.value, wire | callback | 512);
    kafka::Batch batch;
    batch.first = message;
    batch.count = 1;
    batch.bytes = kBatchBytes;
    batch.partition = kPartition;
    return tables.Add(batch);
  }
  void Told(kafka::BatchId batch) {
    const uint64_t wire = acks == kafka::Acks::kAll ? 255 : static_cast<uint64_t>(acks);
    Say(kafka::kAckedToApplication, producer(), 0, batch.value, 0, wire);
  }
  void Failed(kafka::BatchId batch) {
    Say(kafka::kFailedToApplication, producer(), 0, batch.value, 0, 1);
  }
  kafka::AppendedId Append(int leader, kafka::BatchId batch, int epoch = 0) {
    const kafka::Offset base = Log(leader).end;
    const kafka::AppendedId entry = tables.Add(kPartition, base, batch, {epoch});
    SayBroker(kafka::kAppended, leader, kafka::Pair(entry.value, 1),
              static_cast<uint64_t>(base.value), kafka::Pair(static_cast<uint32_t>(epoch), 1));
    return entry;
  }
  void Copy(int from, int follower, kafka::AppendedId entry, int epoch = 0) {
    const kafka::Offset base = tables.At(kPartition, entry).base();
    SayBroker(kafka::kFetchAnswered, from, static_cast<uint64_t>(follower),
              static_cast<uint64_t>(base.value), static_cast<uint64_t>(base.value + 1));
    SayBroker(kafka::kAppended, follower, kafka::Pair(entry.value, 1),
              static_cast<uint64_t>(base.value), kafka::Pair(static_cast<uint32_t>(epoch), 0));
  }
  void Watermark(int leader, int64_t to, kafka::BrokerSet isr, int epoch = 0) {
    const int64_t from = Replica(leader).high_watermark.value;
    SayBroker(kafka::kHighWatermark, leader, static_cast<uint64_t>(to), static_cast<uint64_t>(from),
              kafka::Pair(isr.value, static_cast<uint32_t>(epoch)));
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

  void Kill(int broker) { SayBroker(sim::kNoteProcessKilled, broker); }
  void Stop(int broker) {
    SayBroker(sim::kNoteStopRequested, broker);
    SayBroker(sim::kNoteProcessExited, broker);
  }
  void Start(int broker) { SayBroker(sim::kNoteProcessStarted, broker, 2); }
  // With all of the log from that offset on.
  void LosePower(int broker, int64_t from) {
    Kill(broker);
    const uint32_t host = static_cast<uint32_t>(broker) + 1;
    Say(sim::kNotePowerLost, {}, host);
    Say(sim::kNoteDataLost, {}, host << 16, static_cast<uint64_t>(from) * kBatchBytes, 1 << 20,
        static_cast<uint64_t>(sim::StorageReportKind::kLostTail));
  }
  void Record(int leader, kafka::Election how, int epoch, kafka::BrokerSet isr,
              kafka::BrokerSet elr = {}, int last_known = 0xff) {
    const uint32_t who = leader < 0 ? 0xff : static_cast<uint32_t>(leader);
    Say(kafka::kPartitionState, kafka::kControllerMachine, 0,
        kafka::Pair(who, static_cast<uint32_t>(how)),
        kafka::Pair(static_cast<uint32_t>(epoch), static_cast<uint32_t>(partition_epoch++)),
        uint64_t{isr.value} | uint64_t{elr.value} << 16 | static_cast<uint64_t>(last_known) << 32 |
            static_cast<uint64_t>(setup.topics[0].settings.min_insync_replicas) << 48);
  }
  // The partition epoch of the next records.
  int partition_epoch = 1;
  // The metadata come with the partition epoch that the leader has already: it takes them (KB:R-2).
  void ForgetProposal(int leader, kafka::BrokerSet proposed, kafka::BrokerSet committed) {
    const int epoch = partition_epoch - 1;
    SayBroker(kafka::kProposalForgotten, leader, proposed.value,
              kafka::Pair(0, static_cast<uint32_t>(epoch)), committed.value);
  }
  void Install(int broker, int epoch) {
    SayBroker(kafka::kBecameLeader, broker, static_cast<uint64_t>(epoch),
              static_cast<uint64_t>(Log(broker).end.value), 0);
  }
  void Elect(int leader, kafka::Election how, int epoch, kafka::BrokerSet isr,
             kafka::BrokerSet elr = {}) {
    Record(leader, how, epoch, isr, elr);
    Install(leader, epoch);
  }
  void Follow(int broker, int leader, int epoch) {
    SayBroker(kafka::kBecameFollower, broker, static_cast<uint64_t>(epoch),
              kafka::Pair(static_cast<uint32_t>(leader), 0));
  }
  void Truncate(int broker, int64_t to) {
    SayBroker(kafka::kTruncated, broker, static_cast<uint64_t>(to),
              static_cast<uint64_t>(Log(broker).end.value));
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

}  // namespace kafka::ledger

#endif  // TESTS_MODEL_LEDGER_STORY_H_
