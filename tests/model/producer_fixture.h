// tests/model/producer_fixture.h
//
// One producer on a desk: the test plays the brokers, answers or refuses each request, and lets
// time pass.
//
// Three brokers, one topic, b1 leads everything; a record a batch, no linger. Records are called A,
// B, C ... by their number. A log is the string of what was appended to it.
// Leaves out:  the engine: nothing arrives unless the test says so.
#ifndef TESTS_MODEL_PRODUCER_FIXTURE_H_
#define TESTS_MODEL_PRODUCER_FIXTURE_H_

#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/kafka/client/connections.h"
#include "model/kafka/producer/handlers.h"
#include "model/kafka/producer/settings.h"
#include "tests/model/lone_machine.h"

namespace kafka::producer {

// What a leader makes of batches: its log, and what it knows of the one producer (KC:I-3).
struct FakeLog {
  std::string text;
  int32_t epoch = -1;
  struct Known {
    int32_t base = 0;
    int32_t last = 0;
    int64_t offset = 0;
  };
  std::vector<Known> window;
};

struct Produced {
  sim::ConnectionId connection;
  uint32_t correlation = 0;
  std::vector<BatchId> batches;
};

struct Desk : LoneMachine {
  Producer producer;

  std::vector<Produced> produced;  // not yet answered, in order of sending
  std::vector<Produced> metadata;
  std::vector<Produced> id_requests;
  std::vector<std::pair<sim::ConnectionId, BrokerId>> connecting;
  std::map<uint32_t, BrokerId> peers;  // by connection
  std::vector<sim::ConnectionId> closed;
  std::map<uint32_t, sim::MonoTime> timers;  // by kind of tag
  std::vector<sim::Note> notes;
  FakeLog log;
  std::vector<BrokerId> leaders{kB1};
  int32_t leader_epoch = 0;

  explicit Desk(uint32_t messages, uint16_t partitions = 1) : LoneMachine(partitions) {
    leaders.assign(partitions, kB1);
    setup.producers.push_back({});
    setup.producers[0].name = "producer/shop";
    setup.producers[0].program.topic = {0};
    setup.producers[0].program.messages = messages;
    setup.producers[0].program.message_bytes = 200;
    settings().batch_size = 1;
    settings().linger = {};
    producer.index = {0};
  }
  ProducerSettings& settings() { return setup.producers[0].settings; }
  ProducerProgram& program() { return setup.producers[0].program; }
  Process& process() { return producer.process; }
  Partition& partition(uint16_t index = 0) { return producer.process.partitions[index]; }

  Context Ctx() { return ContextOf(MachineOf(setup, ProducerIndex{0}), setup.producers[0].name); }
  template <typename B, typename Handler>
  void Call(Handler handler, sim::ConnectionId connection, const B& body,
            std::vector<typename sim::ItemOf<B>::type> items = {}) {
    out.Clear();
    const Context ctx = Ctx();
    handler(ctx, producer, sim::Received<B>{connection, body, items}, out);
    notes.insert(notes.end(), out.notes().begin(), out.notes().end());
    for (const sim::Effect& effect : out.effects()) Absorb(effect);
  }
  void Absorb(const sim::Effect& effect) {
    if (effect.kind == sim::EffectKind::kConnect) {
      const BrokerId broker = BrokerAt(setup, effect.peer);
      peers[effect.connection.value] = broker;
      connecting.push_back({effect.connection, broker});
    } else if (effect.kind == sim::EffectKind::kClose) {
      closed.push_back(effect.connection);
    } else if (effect.kind == sim::EffectKind::kSetTimer) {
      timers[effect.tag.kind] = mono + sim::Duration{static_cast<int64_t>(effect.from)};
    } else if (effect.kind == sim::EffectKind::kCancelTimer) {
      timers.erase(effect.tag.kind);
    } else if (effect.kind == sim::EffectKind::kSend) {
      Produced sent{effect.connection, static_cast<uint32_t>(out.WordsOf(effect)[0]), {}};
      if (effect.body_kind == Bodies::KindOf<MetadataRequest>()) metadata.push_back(sent);
      if (effect.body_kind == Bodies::KindOf<InitProducerIdRequest>()) id_requests.push_back(sent);
      if (effect.body_kind != Bodies::KindOf<ProduceRequest>()) return;
      const auto* bytes = reinterpret_cast<const std::byte*>(out.WordsOf(effect).data());
      for (size_t at = sizeof(ProduceRequest); at < effect.size; at += sizeof(BatchId)) {
        std::memcpy(&sent.batches.emplace_back(), bytes + at, sizeof(BatchId));
      }
      produced.push_back(sent);
    }
  }

  // Lets time pass; the producer's timers fire as they come due.
  void Pass(sim::Duration time) {
    const sim::MonoTime until = mono + time;
    for (;;) {
      auto next = timers.end();
      for (auto it = timers.begin(); it != timers.end(); ++it) {
        if (it->second > until) continue;
        if (next == timers.end() || it->second < next->second) next = it;
      }
      if (next == timers.end()) break;
      Advance(next->second);
      const auto kind = static_cast<uint8_t>(next->first);
      timers.erase(next);
      Call(OnTimer, {}, sim::TimerFired{{kind, 0, 0}});
    }
    Advance(until);
  }
  void Advance(sim::MonoTime to) {
    wall = wall + (to - mono);
    mono = to;
  }

  // ---- The brokers, as far as they do what they should. ----
  void AnswerMetadata() {
    const Produced asked = metadata.front();
    metadata.erase(metadata.begin());
    std::vector<MetadataResponse::Item> items;
    for (uint16_t i = 0; i < leaders.size(); ++i) {
      MetadataResponse::Item& item = items.emplace_back();
      item.partition = {i};
      item.leader = leaders[i];
      item.leader_epoch = {leader_epoch};
    }
    Call(OnMetadataResponse, asked.connection,
         MetadataResponse{.correlation = asked.correlation, .alive = {0b111}, .reserved = 0},
         items);
  }
  void AnswerId(Error error = Error::kNone) {
    const Produced asked = id_requests.front();
    id_requests.erase(id_requests.begin());
    Call(OnInitProducerIdResponse, asked.connection,
         InitProducerIdResponse{.correlation = asked.correlation,
                                .producer_id = 7,
                                .producer_epoch = 0,
                                .error = error,
                                .reserved = 0});
  }
  // TCP is up, and the broker says which versions it speaks.
  void Shake(sim::ConnectionId connection, BrokerId broker) {
    Call(OnConnected, connection, sim::Connected{MachineOf(broker)});
    Call(OnApiVersionsResponse, connection, ApiVersionsResponse{});
  }
  // Connections, metadata and producer ids, until nothing of the kind is open.
  void Serve() {
    while (!connecting.empty() || !metadata.empty() || !id_requests.empty()) {
      if (!connecting.empty()) {
        const auto [connection, broker] = connecting.front();
        connecting.erase(connecting.begin());
        Shake(connection, broker);
      } else if (id_requests.empty() ||
                 (!metadata.empty() &&
                  metadata.front().correlation < id_requests.front().correlation)) {
        AnswerMetadata();
      } else {
        AnswerId();
      }
    }
  }
  void Start() {
    Call(OnStarted, {}, sim::Started{1});
    Serve();
  }

  std::string TextOf(BatchId id) const {
    std::string text;
    MessageId message = tables[id].first;
    for (uint32_t i = 0; i < tables[id].count; ++i, message = tables[message].next) {
      text += static_cast<char>('A' + tables[message].number);
    }
    return text;
  }
  // What is on the wire and unanswered: "A B C".
  std::string OnTheWire() const {
    std::string text;
    for (const Produced& request : produced) {
      for (const BatchId batch : request.batches) text += TextOf(batch);
    }
    return text;
  }
  ProduceResponse::Item Refused(BatchId id, Error error) const {
    ProduceResponse::Item item;
    item.partition = tables[id].partition;
    item.error = error;
    item.batch = id;
    item.base = Offset::Unknown();
    return item;
  }
  // A leader reads the batch (KC:I-3).
  ProduceResponse::Item AppendTo(FakeLog& to, BatchId id) const {
    const Batch& batch = tables[id];
    ProduceResponse::Item item = Refused(id, Error::kNone);
    if (batch.producer_id >= 0) {
      const int32_t last = batch.base_sequence + static_cast<int32_t>(batch.count) - 1;
      if (batch.producer_epoch == to.epoch) {
        for (const FakeLog::Known& known : to.window) {
          if (known.base != batch.base_sequence || known.last != last) continue;
          item.base = {known.offset};
          return item;
        }
        const bool fits = to.window.empty() || to.window.back().last + 1 == batch.base_sequence;
        if (!fits) item.error = Error::kOutOfOrderSequenceNumber;
      } else if (to.epoch >= 0 && batch.base_sequence != 0) {
        item.error = Error::kOutOfOrderSequenceNumber;
      }
      if (item.error != Error::kNone) return item;
      if (batch.producer_epoch != to.epoch) to.window.clear();
      to.epoch = batch.producer_epoch;
      to.window.push_back({batch.base_sequence, last, static_cast<int64_t>(to.text.size())});
      if (to.window.size() > 5) to.window.erase(to.window.begin());
    }
    item.base = {static_cast<int64_t>(to.text.size())};
    to.text += TextOf(id);
    return item;
  }
  // The oldest request is answered: with `error` and nothing done, or by the leader's log.
  void Answer(std::optional<Error> error = {}) {
    const Produced request = produced.front();
    produced.erase(produced.begin());
    std::vector<ProduceResponse::Item> items;
    for (const BatchId batch : request.batches) {
      if (error) {
        items.push_back(Refused(batch, *error));
      } else {
        items.push_back(AppendTo(log, batch));
      }
    }
    Call(OnProduceResponse, request.connection,
         ProduceResponse{.correlation = request.correlation, .reserved = 0}, items);
  }
  void AnswerAll() {
    while (!produced.empty()) Answer();
  }
  // Everything unanswered is read and appended, and the answers never arrive.
  void AppendAllUnseen() {
    for (const Produced& request : produced) {
      for (const BatchId batch : request.batches) AppendTo(log, batch);
    }
  }
  // The connection to the broker dies with everything on it.
  void Disconnect(BrokerId broker) {
    const sim::ConnectionId connection = process().client.node(broker).connection;
    std::erase_if(produced, [&](const Produced& p) { return p.connection == connection; });
    std::erase_if(metadata, [&](const Produced& p) { return p.connection == connection; });
    std::erase_if(id_requests, [&](const Produced& p) { return p.connection == connection; });
    Call(OnDisconnected, connection, sim::Disconnected{MachineOf(broker)});
  }
  // Serves and answers everything for as long as it takes until the producer is done.
  void RunToTheEnd() {
    for (int i = 0; i < 20'000 && !process().closed; ++i) {
      Serve();
      AnswerAll();
      if (!process().closed) Pass(sim::Milliseconds(10));
    }
  }

  template <sim::NoteKind N>
  std::vector<N> NotesOf() const {
    return OnlyOf<N>(notes);
  }
  // The batches of these notes in order: "BCA".
  template <sim::NoteKind N>
  std::string Order() const {
    std::string text;
    for (const N& said : NotesOf<N>()) text += TextOf(said.batch);
    return text;
  }
  // Offsets that the application was told, in order of the callbacks.
  std::vector<int64_t> AckedOffsets() const {
    std::vector<int64_t> offsets;
    for (const notes::AckedToApplication& said : NotesOf<notes::AckedToApplication>()) {
      offsets.push_back(said.base.value);
    }
    return offsets;
  }
};

}  // namespace kafka::producer

#endif  // TESTS_MODEL_PRODUCER_FIXTURE_H_
