// tests/model/consumer_fixture.h
//
// One consumer on a desk: the test plays the brokers and the store of offsets.
//
// Three brokers, one topic, b1 leads everything; connections are there as soon as they are asked
// for. What the consumer asks lies in one list a kind until the test answers it.
// Leaves out:  the engine: nothing arrives unless the test says so.
#ifndef TESTS_MODEL_CONSUMER_FIXTURE_H_
#define TESTS_MODEL_CONSUMER_FIXTURE_H_

#include <cstring>
#include <map>
#include <vector>

#include "model/kafka/consumer/handlers.h"
#include "tests/model/lone_machine.h"

namespace kafka::consumer {

constexpr PartitionId kOrders0{0}, kOrders1{1};

// A request as it was sent, with its items.
template <typename B>
struct Asked {
  sim::ConnectionId connection;
  B body;
  std::vector<typename sim::ItemOf<B>::type> items;
};

struct Desk : LoneMachine {
  Consumer consumer;

  std::vector<Asked<MetadataRequest>> metadata;
  std::vector<Asked<FetchRequest>> fetches;
  std::vector<Asked<ListOffsetsRequest>> list_offsets;
  std::vector<Asked<EpochEndRequest>> epoch_ends;
  std::vector<Asked<OffsetFetchRequest>> offset_fetches;
  std::vector<Asked<OffsetCommitRequest>> commits;
  std::vector<std::pair<sim::ConnectionId, sim::MachineId>> connecting;
  std::map<uint32_t, sim::MachineId> peers;  // of open connections
  std::map<uint32_t, sim::MonoTime> timers;  // by kind of tag
  std::vector<sim::Note> notes;
  bool exited = false;
  BrokerId leader = kB1;
  int32_t leader_epoch = 0;

  explicit Desk(ConsumerSettings::Reset reset, uint16_t partitions = 1) : LoneMachine(partitions) {
    setup.producers.emplace_back().name = "producer/shop";
    ConsumerSetup& billing = setup.consumers.emplace_back();
    billing.name = "consumer/billing";
    billing.settings.auto_offset_reset = reset;
    billing.program.topic = {0};
    billing.program.group = {0};
    consumer.index = {0};
    setup.groups = {"billing"};
  }
  ConsumerSettings& settings() { return setup.consumers[0].settings; }
  ConsumerProgram& program() { return setup.consumers[0].program; }
  Process& process() { return consumer.process; }
  Partition& partition(uint16_t index = 0) { return consumer.process.partitions[index]; }

  Context Ctx() { return ContextOf(MachineOf(setup, ConsumerIndex{0}), setup.consumers[0].name); }
  template <typename B, typename Handler>
  void Call(Handler handler, sim::ConnectionId connection, const B& body,
            std::vector<typename sim::ItemOf<B>::type> items = {}) {
    out.Clear();
    const Context ctx = Ctx();
    handler(ctx, consumer, sim::Received<B>{connection, body, items}, out);
    notes.insert(notes.end(), out.notes().begin(), out.notes().end());
    for (const sim::Effect& effect : out.effects()) Absorb(effect);
    while (!connecting.empty()) {
      const auto [id, machine] = connecting.front();
      connecting.erase(connecting.begin());
      Call(OnConnected, id, sim::Connected{machine});
      Call(OnApiVersionsResponse, id, ApiVersionsResponse{});
    }
  }
  void Absorb(const sim::Effect& effect) {
    if (effect.kind == sim::EffectKind::kConnect) {
      connecting.emplace_back(effect.connection, effect.peer);
      peers[effect.connection.value] = effect.peer;
    } else if (effect.kind == sim::EffectKind::kClose) {
      peers.erase(effect.connection.value);
    } else if (effect.kind == sim::EffectKind::kExit) {
      exited = true;
    } else if (effect.kind == sim::EffectKind::kSetTimer) {
      timers[effect.tag.kind] = mono + sim::Duration{static_cast<int64_t>(effect.from)};
    } else if (effect.kind == sim::EffectKind::kCancelTimer) {
      timers.erase(effect.tag.kind);
    } else if (effect.kind == sim::EffectKind::kSend) {
      Keep(effect, metadata);
      Keep(effect, fetches);
      Keep(effect, list_offsets);
      Keep(effect, epoch_ends);
      Keep(effect, offset_fetches);
      Keep(effect, commits);
    }
  }
  template <typename B>
  void Keep(const sim::Effect& effect, std::vector<Asked<B>>& asked) {
    using Item = typename sim::ItemOf<B>::type;
    if (effect.body_kind != Bodies::KindOf<B>()) return;
    Asked<B>& one = asked.emplace_back();
    one.connection = effect.connection;
    const auto* bytes = reinterpret_cast<const std::byte*>(out.WordsOf(effect).data());
    std::memcpy(&one.body, bytes, sizeof(B));
    if constexpr (!std::is_same_v<Item, sim::NoItem>) {
      one.items.resize((effect.size - sizeof(B)) / sizeof(Item));
      std::memcpy(one.items.data(), bytes + sizeof(B), one.items.size() * sizeof(Item));
    }
  }
  template <typename B>
  static Asked<B> Take(std::vector<Asked<B>>& asked) {
    Asked<B> first = asked.at(0);
    asked.erase(asked.begin());
    return first;
  }

  // Lets time pass; timers fire as they come due.
  void Pass(sim::Duration time) {
    const sim::MonoTime until = mono + time;
    for (;;) {
      auto next = timers.end();
      for (auto it = timers.begin(); it != timers.end(); ++it) {
        if (it->second > until) continue;
        if (next == timers.end() || it->second < next->second) next = it;
      }
      if (next == timers.end()) break;
      mono = next->second;
      const auto kind = static_cast<uint8_t>(next->first);
      timers.erase(next);
      Call(OnTimer, {}, sim::TimerFired{{kind, 0, 0}});
    }
    mono = until;
  }

  // ---- The others, as far as they do what they should. ----
  void AnswerMetadata() {
    const auto asked = Take(metadata);
    std::vector<MetadataResponse::Item> items;
    for (uint16_t i = 0; i < setup.partitions.size(); ++i) {
      items.push_back({.partition = {i}, .leader = leader, .leader_epoch = {leader_epoch}});
    }
    Call(OnMetadataResponse, asked.connection,
         MetadataResponse{.correlation = asked.body.correlation, .alive = {0b111}}, items);
  }
  void AnswerCommitted(Offset offset, LeaderEpoch epoch = {}) {
    const auto asked = Take(offset_fetches);
    Call(OnOffsetFetchResponse, asked.connection,
         OffsetFetchResponse{.correlation = asked.body.correlation,
                             .partition = asked.body.partition,
                             .epoch = epoch,
                             .offset = offset});
  }
  void AnswerListOffsets(Offset offset, Error error = Error::kNone) {
    const auto asked = Take(list_offsets);
    Call(OnListOffsetsResponse, asked.connection,
         ListOffsetsResponse{.correlation = asked.body.correlation,
                             .partition = asked.body.partition,
                             .error = error,
                             .which = asked.body.which,
                             .offset = offset});
  }
  void AnswerEpochEnd(LeaderEpoch epoch, Offset end, Error error = Error::kNone) {
    const auto asked = Take(epoch_ends);
    Call(OnEpochEndResponse, asked.connection,
         EpochEndResponse{.correlation = asked.body.correlation,
                          .partition = asked.body.partition,
                          .error = error,
                          .epoch = epoch,
                          .end = end});
  }
  void AnswerCommit() {
    const auto asked = Take(commits);
    Call(OnOffsetCommitResponse, asked.connection,
         OffsetCommitResponse{.correlation = asked.body.correlation,
                              .partition = asked.body.partition});
  }
  // One batch of `count` records from where the partition's appends end.
  AppendedId Append(PartitionId id, uint32_t count, int32_t epoch = 0) {
    MessageId first;
    for (uint32_t i = 0; i < count; ++i) {
      const MessageId one = tables.Add(Message{.number = i, .producer = {0}, .partition = id});
      if (i == 0) first = one;
    }
    const auto& entries = tables.appended[id.value].entries;
    const Offset base =
        entries.empty() ? Offset{0} : tables.EndOf(id, {static_cast<uint32_t>(entries.size() - 1)});
    const BatchId batch =
        tables.Add(Batch{.first = first, .count = count, .bytes = 100 * count, .partition = id});
    return tables.Add(id, base, batch, {epoch});
  }
  // The oldest fetch brings this entry of its first partition, or says `error` of it.
  void AnswerFetch(AppendedId entry, Error error = Error::kNone) {
    const auto asked = Take(fetches);
    const FetchRequest::Item& item = asked.items.at(0);
    Call(OnFetchResponse, asked.connection, FetchResponse{.correlation = asked.body.correlation},
         {{.partition = item.partition,
           .error = error,
           .first = entry,
           .count = entry.exists() ? 1u : 0u,
           .high_watermark = entry.exists() ? tables.EndOf(item.partition, entry) : item.offset,
           .log_start = {0},
           .fetch_offset = item.offset}});
  }
  void AnswerFetch(Error error) { AnswerFetch(AppendedId{}, error); }
  // The oldest fetch is answered partition by partition, in that order.
  void AnswerFetchWith(const std::vector<FetchResponse::Item>& items) {
    const auto asked = Take(fetches);
    Call(OnFetchResponse, asked.connection, FetchResponse{.correlation = asked.body.correlation},
         items);
  }
  FetchResponse::Item ItemOf(PartitionId id, AppendedId entry, Offset asked_for) const {
    return {.partition = id,
            .error = entry.exists() ? Error::kNone : Error::kOffsetOutOfRange,
            .first = entry,
            .count = entry.exists() ? 1u : 0u,
            .high_watermark = entry.exists() ? tables.EndOf(id, entry) : Offset{0},
            .log_start = {0},
            .fetch_offset = asked_for};
  }
  void Disconnect(sim::ConnectionId connection) {
    const sim::MachineId machine = peers[connection.value];
    peers.erase(connection.value);
    Call(OnDisconnected, connection, sim::Disconnected{machine});
  }

  // Started, and knows the leaders; asks the store where to begin.
  void Start() {
    Call(OnStarted, {}, sim::Started{1});
    while (!metadata.empty()) AnswerMetadata();
  }
  // ... and reads from `offset` on, of whose record it knows the epoch.
  void StartAt(Offset offset) {
    Start();
    AnswerCommitted(offset, {0});
    AnswerEpochEnd({0}, offset);
  }
  // Somebody else leads, under the next epoch, and the consumer hears of it: from the old leader,
  // then from the metadata.
  void MoveLeader(BrokerId to) {
    leader = to;
    ++leader_epoch;
    mono = mono + sim::Seconds(1);
    while (!fetches.empty()) AnswerFetch(Error::kNotLeaderOrFollower);
    while (!metadata.empty()) AnswerMetadata();
  }
  std::vector<ConsumerEnd> EndsOf() const {
    std::vector<ConsumerEnd> ends;
    for (const notes::ConsumerEnded& said : NotesOf<notes::ConsumerEnded>()) {
      ends.push_back(said.why);
    }
    return ends;
  }
  bool HasEnded() { return process().program.state == programs::PollLoop::State::kEnded; }
  template <sim::NoteKind N>
  std::vector<N> NotesOf() const {
    return OnlyOf<N>(notes);
  }
};

}  // namespace kafka::consumer

#endif  // TESTS_MODEL_CONSUMER_FIXTURE_H_
