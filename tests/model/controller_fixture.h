// tests/model/controller_fixture.h
//
// The controller on a desk: what brokers ask of it is said by hand, effects are read as values.
//
// A formed cluster of three; orders-0 has the assignment (b1, b2, b3), b1 leads, all are in sync.
#ifndef TESTS_MODEL_CONTROLLER_FIXTURE_H_
#define TESTS_MODEL_CONTROLLER_FIXTURE_H_

#include <cstring>
#include <vector>

#include "model/kafka/controller/handlers.h"
#include "model/kafka/controller/records.h"
#include "tests/model/lone_machine.h"

namespace kafka::controller {

struct ControllerRig : LoneMachine {
  Controller controller;

  ControllerRig() { controller = Form(setup, tables); }
  PartitionState& state() { return controller.process.partitions[0]; }
  Registration& registration(BrokerId broker) { return controller.process.brokers[broker]; }
  Context Ctx() { return ContextOf(kControllerMachine, "controller"); }
  void Pass(sim::Duration time) { mono = mono + time; }

  // What the last call asked for replaces what was asked before.
  template <typename B, typename Handler>
  void Call(Handler handler, const B& body, sim::ConnectionId connection = {7},
            std::vector<typename sim::ItemOf<B>::type> items = {}) {
    out.Clear();
    const Context ctx = Ctx();
    handler(ctx, controller, sim::Received<B>{connection, body, items}, out);
  }
  void Fire(Timer timer) { Call(OnTimer, sim::TimerFired{{timer, 0, 0}}); }
  // The records written so far have a majority, and what waited for them is said.
  void Commit() { Fire(kCommitTimer); }

  struct Beat {
    bool want_fence = false;
    bool want_shutdown = false;
    int64_t applied = -1;  // all there is
    int64_t epoch = -1;    // its own
  };
  void Heartbeat(BrokerId broker, const Beat& beat) {
    const auto records = static_cast<int64_t>(tables.metadata.size());
    const int64_t own = registration(broker).epoch.value;
    Call(OnHeartbeat,
         HeartbeatRequest{.broker = broker,
                          .want_fence = static_cast<uint8_t>(beat.want_fence ? 1 : 0),
                          .want_shutdown = static_cast<uint8_t>(beat.want_shutdown ? 1 : 0),
                          .broker_epoch = {beat.epoch < 0 ? own : beat.epoch},
                          .metadata_offset = beat.applied < 0 ? records : beat.applied});
  }
  void Register(BrokerId broker, uint16_t incarnation, BrokerEpoch previous = {}) {
    Call(OnRegister,
         RegisterRequest{
             .broker = broker, .incarnation = incarnation, .previous_broker_epoch = previous});
  }
  template <typename B>
  std::vector<B> SentOf() const {
    std::vector<B> sent;
    for (const sim::Effect& effect : out.effects()) {
      if (effect.kind != sim::EffectKind::kSend) continue;
      if (effect.body_kind != Bodies::KindOf<B>()) continue;
      std::memcpy(static_cast<void*>(&sent.emplace_back()), out.WordsOf(effect).data(), sizeof(B));
    }
    return sent;
  }
  // How long until the timer that the last call set; negative: it set none.
  sim::Duration DelayOf(Timer timer) const {
    sim::Duration delay{-1};
    for (const sim::Effect& effect : out.effects()) {
      const bool is_it = effect.kind == sim::EffectKind::kSetTimer && effect.tag.kind == timer;
      if (is_it) delay = {static_cast<int64_t>(effect.from)};
    }
    return delay;
  }
  size_t Records(MetadataRecord::Kind kind) const {
    size_t count = 0;
    for (const MetadataRecord& record : tables.metadata) count += record.kind == kind ? 1 : 0;
    return count;
  }
};

}  // namespace kafka::controller

#endif  // TESTS_MODEL_CONTROLLER_FIXTURE_H_
