// Start, registration, heartbeats, and leaving in an orderly way.
#include <algorithm>

#include "model/kafka/broker/disk/checkpoints.h"
#include "model/kafka/broker/disk/recovery.h"
#include "model/kafka/broker/handlers.h"
#include "model/kafka/broker/lifecycle.h"
#include "model/kafka/broker/metadata_log.h"
#include "model/kafka/broker/replication/isr.h"
#include "model/kafka/broker/requests/producer_ids.h"
#include "model/kafka/broker/timers.h"
#include "model/kafka/clockwork.h"

namespace kafka::broker {
namespace {

constexpr Duration kReconnectMin = sim::Milliseconds(50);
constexpr Duration kReconnectMax = sim::Milliseconds(1000);
constexpr Duration kLeavingMax = sim::Seconds(300);     // then it stops without leave (KB:E-42)
constexpr Duration kFirstLook = sim::Milliseconds(50);  // after the first answer while leaving

constexpr sim::TimerTag kNextStep{kLifecycleTimer, kBrokerRole, 0};
constexpr sim::TimerTag kLeaving{kLeavingTimer, kBrokerRole, 0};

// A request to the controller that is older than this is given up, with all its connections.
Duration ControllerTimeout(const Context& ctx, const Broker& self) {
  return SettingsOf(ctx, self).session_timeout / 2;
}

sim::About AboutLifecycle(const Context& ctx, const Broker& self) {
  return {ctx.self_name, self.process.links[ControllerLink::kLifecycle].sent};
}

void Register(const Context& ctx, Broker& self, Effects& out) {
  Process& process = self.process;
  Link& link = process.links[ControllerLink::kLifecycle];
  if (!link.idle()) return;
  link.in_flight = ++link.sent;
  const sim::About about = AboutLifecycle(ctx, self);
  out.Send({.connection = link.connection, .about = about, .wire_bytes = kWireOverhead},
           RegisterRequest{.correlation = link.in_flight,
                           .broker = self.id,
                           .incarnation = process.incarnation,
                           .previous_broker_epoch = process.previous_epoch});
  out.SetTimer({.tag = kNextStep, .min = ControllerTimeout(ctx, self)});
}

void DropController(const Context& ctx, Broker& self, Effects& out) {
  for (uint8_t i = 0; i < kControllerLinks; ++i) {
    const Link& link = self.process.links[i];
    if (link.state == Link::State::kDown) continue;
    out.Close(link.connection);
    LoseController(ctx, self, static_cast<ControllerLink>(i), out);
  }
}

void BeginStartUp(const Context& ctx, const Broker& self, Effects& out) {
  out.StopListening();  // KB:C-1: until it is unfenced
  const BrokerSetup& setup = ctx.setup->brokers[self.id.value];
  const sim::About about{ctx.self_name, self.process.incarnation};
  out.SetTimer({.tag = {kStartUpTimer, kBrokerRole, 0},
                .min = setup.start_up_min,
                .max = setup.start_up_max,
                .about = about});
  out.SetTimer({.tag = {kQuorumStateTimer, kBrokerRole, 0},
                .min = sim::Milliseconds(20),
                .max = sim::Milliseconds(40),
                .about = about});
}

// What a broker in controlled shutdown makes of the answer to a heartbeat: it goes, or asks again,
// the first time a little sooner than usual.
void OnAnswerToLeaver(const Context& ctx, Broker& self, const HeartbeatResponse& answer,
                      Effects& out) {
  Process& process = self.process;
  Duration wait = SettingsOf(ctx, self).heartbeat_interval;
  if (answer.error == Error::kNone) {
    if (answer.should_shut_down != 0) return BeginStopping(ctx, self, out);
    if (!process.leave_answered) wait = kFirstLook;
    process.leave_answered = true;
    if (!process.shutdown_asked) wait = {};  // the request was on its way before the wish
  }
  if (wait == Duration{}) return SendHeartbeat(ctx, self, out);
  out.SetTimer({.tag = kNextStep, .min = wait});
}

// The next one of a broker that was up before the run.
void SetHeartbeatTimer(const Context& ctx, const Broker& self, Effects& out) {
  const Duration up = ctx.mono - self.process.started;
  const Duration interval = SettingsOf(ctx, self).heartbeat_interval;
  out.SetTimer({.tag = kNextStep, .min = UntilNextTick(up, {}, interval)});
}

}  // namespace

void OnStarted(const Context& ctx, Broker& self, const sim::Received<sim::Started>& event,
               Effects& out) {
  Process& process = self.process;
  process.phase = Process::Phase::kStarting;
  process.incarnation = static_cast<uint16_t>(event.body.incarnation);
  process.started = ctx.mono;
  process.view.resize(ctx.setup->partitions.size());
  process.brokers.resize(ctx.setup->brokers.size());
  for (uint8_t i = 0; i < kControllerLinks; ++i) process.links.push_back({});
  // KB:S-41, E-20: read the marker, and delete it before anything else.
  const bool formed = event.body.incarnation == 1;  // a run begins with a running cluster
  const bool clean = ctx.disk->Exists(kCleanShutdownFile);
  const auto marker = ctx.disk->ReadWords(kCleanShutdownFile);
  if (!marker.empty()) process.previous_epoch = {static_cast<int64_t>(marker[0])};
  if (clean) out.Remove(kCleanShutdownFile);
  LoadReplicas(ctx, self,
               formed  ? LoadKind::kNew
               : clean ? LoadKind::kClean
                       : LoadKind::kUnclean,
               out);
  if (!formed) return BeginStartUp(ctx, self, out);
  process.started = ctx.mono - UpBeforeTheRun(ctx, ctx.self_name);
  process.registered = process.caught_up = true;
  process.fenced = false;
  process.was_unfenced = true;
  process.metadata_received = static_cast<int64_t>(ctx.tables->metadata.size());
  process.metadata_due = process.metadata_received;
  BeginServing(ctx, self, out);
  ApplyAtOnce(ctx, self, process.metadata_received, out);
  process.epoch = process.brokers[self.id.value].epoch;
  for (uint8_t i = 0; i < kControllerLinks; ++i) {
    OpenController(self, static_cast<ControllerLink>(i), ctx, out);
  }
}

void BeginServing(const Context& ctx, Broker& self, Effects& out) {
  Process& process = self.process;
  const BrokerSettings& settings = SettingsOf(ctx, self);
  process.phase = Process::Phase::kServing;
  const Duration up = ctx.mono - process.started;
  const auto start = [&](TimerKind kind, Duration delay, Duration period) {
    out.SetTimer({.tag = {kind, kBrokerRole, 0}, .min = UntilNextTick(up, delay, period)});
  };
  start(kIsrTimer, {}, settings.replica_lag_time_max / 2);
  const Duration first = settings.initial_task_delay;
  start(kRecoveryPointTimer, first, settings.flush_offset_checkpoint_interval);
  ArmFlusher(ctx, self, out);
}

void ArmFlusher(const Context& ctx, const Broker& self, Effects& out) {
  const BrokerSettings& settings = SettingsOf(ctx, self);
  const Duration up = ctx.mono - self.process.started;
  const Duration first = settings.initial_task_delay;
  const Duration period = settings.flush_scheduler_interval;
  if (period >= sim::kForever && up >= first) return;  // KB:S-5: is over
  for (const Partition& partition : self.process.partitions) {
    if (TopicOf(ctx, self, partition.id).flush_interval >= sim::kForever) continue;
    return out.SetTimer(
        {.tag = {kFlusherTimer, kBrokerRole, 0}, .min = UntilNextTick(up, first, period)});
  }
}

void OpenController(Broker& self, ControllerLink which, const Context& ctx, Effects& out) {
  Link& link = self.process.links[which];
  const sim::About about{ctx.self_name + which, link.attempts++};
  link.connection = out.Connect(kControllerMachine, about);
  link.state = Link::State::kConnecting;
  link.in_flight = 0;
  if (which == ControllerLink::kLifecycle) {
    out.SetTimer({.tag = kNextStep, .min = ControllerTimeout(ctx, self)});
  }
}

void OnControllerUp(const Context& ctx, Broker& self, ControllerLink which, Effects& out) {
  Process& process = self.process;
  Link& link = process.links[which];
  link.attempts = 0;
  if (which == ControllerLink::kMetadataLog) return FetchMetadata(ctx, self, out);
  if (which == ControllerLink::kAlterations) {
    AskForProducerIds(ctx, self, out);
    return SendAlterations(ctx, self, out);
  }
  const bool heard_before_the_run = process.registered && link.sent == 0;
  if (heard_before_the_run) return SetHeartbeatTimer(ctx, self, out);
  process.registered ? SendHeartbeat(ctx, self, out) : Register(ctx, self, out);
}

void LoseController(const Context& ctx, Broker& self, ControllerLink which, Effects& out) {
  Process& process = self.process;
  Link& link = process.links[which];
  link.state = Link::State::kDown;
  link.connection = {};
  link.in_flight = 0;
  if (which == ControllerLink::kLifecycle) out.CancelTimer(kNextStep);
  if (which == ControllerLink::kAlterations) {
    for (WaitingProducerId& waiting : process.producer_ids) waiting.asked = 0;
  }
  if (process.phase == Process::Phase::kStopping) return;
  const int64_t grown = kReconnectMin.ns << std::min<uint32_t>(link.attempts, 5);
  const Duration wait{std::min(grown, kReconnectMax.ns)};
  out.SetTimer({.tag = {kReconnectTimer, kBrokerRole, which},
                .min = wait,
                .max = wait + wait / 5,
                .about = {ctx.self_name + which, link.attempts}});
}

// The time-out of what is in flight, or the time for the next one.
void OnLifecycleTimer(const Context& ctx, Broker& self, Effects& out) {
  Process& process = self.process;
  const Link& link = process.links[ControllerLink::kLifecycle];
  if (!link.idle()) return DropController(ctx, self, out);
  process.registered ? SendHeartbeat(ctx, self, out) : Register(ctx, self, out);
}

void OnRegisterResponse(const Context& ctx, Broker& self,
                        const sim::Received<RegisterResponse>& event, Effects& out) {
  Process& process = self.process;
  Link& link = process.links[ControllerLink::kLifecycle];
  if (event.connection != link.connection || event.body.correlation != link.in_flight) return;
  link.in_flight = 0;
  if (event.body.error != Error::kNone) {  // KB:C-2: the session of the one before still runs
    return out.SetTimer({.tag = kNextStep, .min = SettingsOf(ctx, self).heartbeat_interval});
  }
  process.registered = true;
  process.epoch = event.body.broker_epoch;
  MaybeScheduleApply(ctx, self, out);  // what came while it was refused
  SendHeartbeat(ctx, self, out);
}

void SendHeartbeat(const Context& ctx, Broker& self, Effects& out) {
  Process& process = self.process;
  Link& link = process.links[ControllerLink::kLifecycle];
  if (!link.idle() || !process.registered) return;
  // Caught up: its own registration has been applied (KB:C-1).
  process.caught_up |= process.metadata_applied > process.epoch.value;
  link.in_flight = ++link.sent;
  process.shutdown_asked = process.phase == Process::Phase::kLeaving;
  const sim::About about = AboutLifecycle(ctx, self);
  out.Send({.connection = link.connection, .about = about, .wire_bytes = kWireOverhead},
           HeartbeatRequest{.correlation = link.in_flight,
                            .broker = self.id,
                            .want_fence = static_cast<uint8_t>(process.caught_up ? 0 : 1),
                            .want_shutdown = static_cast<uint8_t>(process.shutdown_asked ? 1 : 0),
                            .broker_epoch = process.epoch,
                            .metadata_offset = process.metadata_applied});
  out.SetTimer({.tag = kNextStep, .min = ControllerTimeout(ctx, self)});
}

void OnHeartbeatResponse(const Context& ctx, Broker& self,
                         const sim::Received<HeartbeatResponse>& event, Effects& out) {
  Process& process = self.process;
  Link& link = process.links[ControllerLink::kLifecycle];
  if (event.connection != link.connection || event.body.correlation != link.in_flight) return;
  link.in_flight = 0;
  if (event.body.error == Error::kNone) {
    const bool unfenced = process.fenced && event.body.fenced == 0;
    process.fenced = event.body.fenced != 0;
    process.was_unfenced |= unfenced;
    // KB:C-1: clients are accepted from here on. Fenced later, the port stays open (KB:C-7).
    if (unfenced && Serves(process)) out.Listen();
  }
  if (process.phase == Process::Phase::kLeaving)
    return OnAnswerToLeaver(ctx, self, event.body, out);
  const bool wants_more =
      process.fenced && !process.caught_up && process.metadata_applied > process.epoch.value;
  if (wants_more) return SendHeartbeat(ctx, self, out);
  out.SetTimer({.tag = kNextStep, .min = SettingsOf(ctx, self).heartbeat_interval});
}

// An orderly stop asks the controller first, which moves leadership away. A broker that has once
// been unfenced waits for that, leading on, whether or not the controller can be reached; what is
// still starting stops at once (KB:E-40..E-42).
void OnStopRequested(const Context& ctx, Broker& self, const sim::Received<sim::StopRequested>&,
                     Effects& out) {
  Process& process = self.process;
  if (process.phase == Process::Phase::kLeaving || process.phase == Process::Phase::kStopping) {
    return;
  }
  if (!SettingsOf(ctx, self).controlled_shutdown_enable || !process.was_unfenced) {
    return BeginStopping(ctx, self, out);
  }
  process.phase = Process::Phase::kLeaving;
  out.SetTimer({.tag = kLeaving, .min = kLeavingMax});
  SendHeartbeat(ctx, self, out);
}

}  // namespace kafka::broker
