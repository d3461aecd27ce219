// tests/model/broker_fixture.h
//
// One broker on a desk: handlers are called by hand, effects are read as values.
//
// A cluster of three, one topic of one partition with the assignment (b1, b2, b3), freshly formed.
// Leaves out:  the engine. Nothing that the broker asks for happens, unless a test makes it happen.
#ifndef TESTS_MODEL_BROKER_FIXTURE_H_
#define TESTS_MODEL_BROKER_FIXTURE_H_

#include <cstring>
#include <vector>

#include "model/kafka/broker/disk/checkpoints.h"
#include "model/kafka/broker/handlers.h"
#include "model/kafka/broker/metadata_log.h"
#include "model/kafka/broker/timers.h"
#include "tests/model/lone_machine.h"

namespace kafka::broker {

constexpr PartitionId kOrders{0};
struct Rig : LoneMachine {
  Broker broker;

  explicit Rig(BrokerId self = kB1) {
    setup.producers.push_back({});
    setup.producers[0].name = "producer/shop";
    for (uint8_t i = 0; i < 3; ++i) {
      MetadataRecord record;
      record.broker = {i};
      record.kind = MetadataRecord::Kind::kRegister;
      record.broker_epoch = {static_cast<int64_t>(tables.metadata.size())};
      tables.metadata.push_back(record);
      record.kind = MetadataRecord::Kind::kUnfence;
      tables.metadata.push_back(record);
    }
    AddPartitionRecord(kB1, 0b111, 0, 0);
    broker.id = self;
  }

  void AddPartitionRecord(BrokerId leader, uint16_t isr, int32_t epoch, int32_t partition_epoch) {
    MetadataRecord record;
    record.kind = MetadataRecord::Kind::kPartition;
    record.partition = kOrders;
    record.leader = leader;
    record.isr = {isr};
    record.leader_epoch = {epoch};
    record.partition_epoch = {partition_epoch};
    tables.metadata.push_back(record);
  }

  void AddBrokerRecord(MetadataRecord::Kind kind, BrokerId about) {
    MetadataRecord record;
    record.kind = kind;
    record.broker = about;
    tables.metadata.push_back(record);
  }

  Context Ctx() { return ContextOf(MachineOf(broker.id), setup.brokers[broker.id.value].name); }
  void Pass(sim::Duration time) {
    mono = mono + time;
    wall = wall + time;
  }

  void ConnectAlterations() {
    Call(OnConnected, broker.process.links[kAlterations].connection, sim::Connected{});
  }
  // The inline flush under way is done.
  void FinishFlush() {
    Call(OnFlushed, {},
         sim::Flushed{.file = LogFile(kOrders), .token = FlushToken(kInlineFlush, kOrders)});
  }

  // What the last call asked for replaces what was asked before.
  template <typename B, typename Handler>
  void Call(Handler handler, sim::ConnectionId connection, const B& body,
            std::vector<typename sim::ItemOf<B>::type> items = {}) {
    out.Clear();
    const Context ctx = Ctx();
    handler(ctx, broker, sim::Received<B>{connection, body, items}, out);
    if (syncs_at_once) FinishSyncs();
  }
  // The checkpoints that somebody waits for are on the disk.
  void FinishSyncs() {
    for (size_t i = 0; i < out.effects().size(); ++i) {
      const sim::Effect effect = out.effects()[i];
      const uint32_t purpose = effect.token >> 16;
      const bool awaited = purpose == kFollowerSync || purpose == kLeaderSync;
      if (effect.kind != sim::EffectKind::kReplace || !awaited) continue;
      const sim::Flushed done{.file = effect.file, .token = effect.token};
      OnFlushed(Ctx(), broker, sim::Received<sim::Flushed>{{}, done, {}}, out);
    }
  }
  void Start(uint32_t incarnation = 1) { Call(OnStarted, {}, sim::Started{incarnation}); }
  void Apply() {
    out.Clear();
    ApplyAtOnce(Ctx(), broker, static_cast<int64_t>(tables.metadata.size()), out);
  }
  // A record has arrived; kMetadataTimer will apply it.
  void PublishLater(BrokerId leader, uint16_t isr, int32_t epoch, int32_t partition_epoch) {
    AddPartitionRecord(leader, isr, epoch, partition_epoch);
    broker.process.metadata_received = broker.process.metadata_due =
        static_cast<int64_t>(tables.metadata.size());
  }
  void Fire(TimerKind kind, uint8_t role = kBrokerRole, uint16_t index = 0) {
    Call(OnTimer, {}, sim::TimerFired{{kind, role, index}});
  }

  sim::ConnectionId Client(uint32_t number) {
    const sim::ConnectionId id{number << sim::ConnectionId::kSlotBits};
    for (const ClientConnection& client : broker.process.clients) {
      if (client.id == id) return id;
    }
    Call(OnAccepted, id, sim::Accepted{});
    return id;
  }

  BatchId MakeBatch(uint32_t count = 1, int32_t producer = -1, int32_t sequence = -1,
                    int16_t epoch = 0) {
    const MessageId first =
        tables.Add(Message{.number = static_cast<uint32_t>(tables.messages.size()),
                           .key = 0,
                           .producer = {0},
                           .partition = kOrders,
                           .next = {}});
    return tables.Add(Batch{.first = first,
                            .count = count,
                            .bytes = 100 * count,
                            .producer_id = producer,
                            .base_sequence = sequence,
                            .producer_epoch = producer < 0 ? int16_t{-1} : epoch,
                            .partition = kOrders});
  }
  void Produce(uint32_t client, BatchId batch, Acks acks) {
    const sim::ConnectionId connection = Client(client);
    const int64_t timeout = sim::Seconds(30).ns;
    Call(OnProduce, connection, ProduceRequest{.acks = acks, .timeout_ns = timeout}, {{batch}});
  }
  void FollowerFetch(BrokerId follower, int64_t offset, int32_t epoch = 0, int32_t last_epoch = 0) {
    const sim::ConnectionId connection = Client(100u + follower.value);
    FetchRequest request{.replica = follower,
                         .consumer = {},
                         .replica_epoch = broker.process.brokers[follower.value].epoch,
                         .wait_max_ns = sim::Milliseconds(500).ns,
                         .bytes_min = 1,
                         .bytes_max = 10485760};
    if (stale_epochs) request.replica_epoch.value = 0;
    Call(OnFetch, connection, request,
         {{.partition = kOrders,
           .current_leader_epoch = {epoch},
           .last_fetched_epoch = {offset == 0 ? -1 : last_epoch},
           .bytes_max = 1048576,
           .offset = {offset},
           .log_start = {0}}});
  }
  void ConsumerFetch(uint32_t client, int64_t offset) {
    const sim::ConnectionId connection = Client(client);
    Call(OnFetch, connection,
         FetchRequest{.replica = {},
                      .consumer = {0},
                      .replica_epoch = {},
                      .wait_max_ns = sim::Milliseconds(500).ns,
                      .bytes_min = 1,
                      .bytes_max = 10485760},
         {{.partition = kOrders,
           .current_leader_epoch = {},
           .last_fetched_epoch = {},
           .bytes_max = 1048576,
           .offset = {offset},
           .log_start = {0}}});
  }

  // A follower's fetch, said in full.
  struct Ask {
    BrokerId replica;
    int64_t offset = 0;
    int32_t epoch = 0;
    int32_t last_epoch = -1;
    int64_t replica_epoch = -1;
    sim::Duration wait = sim::Milliseconds(500);
    uint32_t bytes_min = 1;
  };
  void Fetch(const Ask& ask) {
    Call(OnFetch, Client(100u + ask.replica.value),
         FetchRequest{.replica = ask.replica,
                      .consumer = {},
                      .replica_epoch = {ask.replica_epoch},
                      .wait_max_ns = ask.wait.ns,
                      .bytes_min = ask.bytes_min,
                      .bytes_max = 10485760},
         {{.partition = kOrders,
           .current_leader_epoch = {ask.epoch},
           .last_fetched_epoch = {ask.last_epoch},
           .bytes_max = 1048576,
           .offset = {ask.offset},
           .log_start = {0}}});
  }

  // The sent bodies of a kind, with their first item.
  template <typename B>
  struct Sent {
    sim::ConnectionId connection;
    B body;
    typename sim::ItemOf<B>::type item;
    size_t items;
  };
  template <typename B>
  std::vector<Sent<B>> SentOf() const {
    using Item = typename sim::ItemOf<B>::type;
    std::vector<Sent<B>> sent;
    for (const sim::Effect& effect : out.effects()) {
      if (effect.kind != sim::EffectKind::kSend) continue;
      if (effect.body_kind != Bodies::KindOf<B>()) continue;
      Sent<B> one{effect.connection, {}, {}, 0};
      const auto* bytes = reinterpret_cast<const std::byte*>(out.WordsOf(effect).data());
      std::memcpy(&one.body, bytes, sizeof(B));
      if constexpr (!std::is_same_v<Item, sim::NoItem>) {
        one.items = (effect.size - sizeof(B)) / sizeof(Item);
        if (one.items > 0) std::memcpy(&one.item, bytes + sizeof(B), sizeof(Item));
      }
      sent.push_back(one);
    }
    return sent;
  }
  template <sim::NoteKind N>
  std::vector<N> NotesOf() const {
    return OnlyOf<N>(out.notes());
  }
  std::vector<sim::Effect> EffectsOf(sim::EffectKind kind) const {
    std::vector<sim::Effect> found;
    for (const sim::Effect& effect : out.effects()) {
      if (effect.kind == kind) found.push_back(effect);
    }
    return found;
  }
  // How long until the timer that the last call set; negative: it set none.
  sim::Duration DelayOf(TimerKind kind, uint16_t index = 0) const {
    sim::Duration delay{-1};
    for (const sim::Effect& effect : out.effects()) {
      const bool is_it = effect.kind == sim::EffectKind::kSetTimer && effect.tag.kind == kind &&
                         effect.tag.index == index;
      if (is_it) delay = {static_cast<int64_t>(effect.from)};
    }
    return delay;
  }
  Partition& partition() { return *broker.process.Find(kOrders); }

  bool stale_epochs = false;
  bool syncs_at_once = true;  // false: a test says when they are done
};

}  // namespace kafka::broker

#endif  // TESTS_MODEL_BROKER_FIXTURE_H_
