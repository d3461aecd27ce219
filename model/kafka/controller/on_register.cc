// Registration, heartbeats, fencing (KB:C-1..C-7, E-20..E-23, E-40, E-41).
#include <algorithm>

#include "model/kafka/controller/handlers.h"
#include "model/kafka/controller/records.h"

namespace kafka::controller {
namespace {

// Whether the former process was heard of within a session, fenced or not: a heartbeat that was
// answered with leave to stop counts as any other (KB:C-2).
bool HasValidSession(const Context& ctx, const Registration& broker, BrokerId id) {
  const Duration session = ctx.setup->brokers[id.value].settings.session_timeout;
  return broker.registered && ctx.mono - broker.last_contact < session;
}

bool LeadsAny(const Process& process, BrokerId broker) {
  return std::any_of(process.partitions.begin(), process.partitions.end(),
                     [&](const PartitionState& state) { return state.leader == broker; });
}

// The least that any active broker has applied.
int64_t LowestActiveOffset(const Context& ctx, const Process& process) {
  int64_t lowest = INT64_MAX;
  for (uint8_t i = 0; i < ctx.setup->brokers.size(); ++i) {
    const Registration& broker = process.brokers[{i}];
    if (broker.registered && !broker.fenced) lowest = std::min(lowest, broker.metadata_offset);
  }
  return lowest;
}

// The session of a controlled shutdown ends: SHUTDOWN_NOW also fences (KB:E-40).
void ShutDownNow(const Context& ctx, Process& process, BrokerId id, Effects& out) {
  Registration& broker = process.brokers[id];
  broker.in_controlled_shutdown = true;
  if (!broker.fenced) Fence(ctx, process, id, FenceReason::kOwnWish, out);
}

// What a heartbeat makes of a broker: unfenced, fenced, leaving, gone. The rows of KB:E-40 in
// order.
void NextState(const Context& ctx, Process& process, const HeartbeatRequest& beat, Effects& out) {
  Registration& broker = process.brokers[beat.broker];
  if (broker.fenced) {
    if (beat.want_shutdown != 0) return ShutDownNow(ctx, process, beat.broker, out);
    if (beat.want_fence != 0 || beat.metadata_offset <= broker.epoch.value) return;
    broker.fenced = false;
    WriteBroker(ctx, process, MetadataRecord::Kind::kUnfence, beat.broker, broker.epoch, out);
    out.Say(notes::Unfenced{.broker = beat.broker, .epoch = broker.epoch});
    return ElectForLeaderless(ctx, process, out);
  }
  if (beat.want_fence != 0) {
    return Fence(ctx, process, beat.broker, FenceReason::kOwnWish, out);
  }
  if (beat.want_shutdown == 0) return;
  if (!broker.in_controlled_shutdown) {
    if (!LeadsAny(process, beat.broker)) return ShutDownNow(ctx, process, beat.broker, out);
    broker.in_controlled_shutdown = true;
    WriteBroker(ctx, process, MetadataRecord::Kind::kControlledShutdown, beat.broker, broker.epoch,
                out);
    out.Say(notes::ControlledShutdown{.broker = beat.broker, .epoch = broker.epoch});
    RemoveFromIsrs(ctx, process, beat.broker, out);  // KB:E-41
    broker.controlled_shutdown_offset = static_cast<int64_t>(ctx.tables->metadata.size());
    return;
  }
  if (LeadsAny(process, beat.broker)) return;
  if (LowestActiveOffset(ctx, process) < broker.controlled_shutdown_offset) return;
  ShutDownNow(ctx, process, beat.broker, out);
}

// A new process of this broker: what its restart takes from it, then its registration.
void Admit(const Context& ctx, Process& process, const RegisterRequest& request, Effects& out) {
  Registration& broker = process.brokers[request.broker];
  const bool first = !broker.registered;
  const bool clean = first || request.previous_broker_epoch == broker.epoch;  // KB:E-21
  // KB:E-23: clean-up records precede the registration. KB:C-4: the new incarnation is in no ISR.
  if (!ctx.setup->Has(Mutant::kRestartedStaysInIsr)) {
    if (clean || !ctx.setup->controller.elr) {
      RemoveFromIsrs(ctx, process, request.broker, out);
    } else {
      RemoveUncleanly(ctx, process, request.broker, out);
    }
  }
  broker = {.registered = true,
            .fenced = true,
            .incarnation = request.incarnation,
            .epoch = {static_cast<int64_t>(ctx.tables->metadata.size())},  // KB:C-3
            .last_contact = ctx.mono};
  WriteBroker(ctx, process, MetadataRecord::Kind::kRegister, request.broker, broker.epoch, out);
  out.Say(notes::Registered{.broker = request.broker,
                            .epoch = broker.epoch,
                            .clean = clean,
                            .incarnation = request.incarnation});
}

}  // namespace

void OnRegister(const Context& ctx, Controller& self, const sim::Received<RegisterRequest>& event,
                Effects& out) {
  Process& process = self.process;
  const RegisterRequest& request = event.body;
  Registration& broker = process.brokers[request.broker];
  const sim::About about{sim::HashName(ctx.setup->brokers[request.broker.value].name),
                         request.correlation};
  const bool same = broker.registered && broker.incarnation == request.incarnation;
  if (!same && HasValidSession(ctx, broker, request.broker)) {  // KB:C-2
    out.Send({.connection = event.connection, .about = about},
             RegisterResponse{.correlation = request.correlation,
                              .error = Error::kDuplicateBrokerRegistration,
                              .broker_epoch = {}});
    return;
  }
  if (!same) Admit(ctx, process, request, out);
  broker.last_contact = ctx.mono;
  ArmSessionCheck(ctx, process, out);
  Reply(ctx, process,
        {.kind = PendingReply::Kind::kRegister,
         .broker = request.broker,
         .connection = event.connection,
         .correlation = request.correlation},
        out);
}

void OnHeartbeat(const Context& ctx, Controller& self, const sim::Received<HeartbeatRequest>& event,
                 Effects& out) {
  Process& process = self.process;
  const HeartbeatRequest& beat = event.body;
  Registration& broker = process.brokers[beat.broker];
  if (!broker.registered || broker.epoch != beat.broker_epoch) {  // KB:C-5
    const sim::About about{sim::HashName(ctx.setup->brokers[beat.broker.value].name),
                           beat.correlation};
    out.Send({.connection = event.connection, .about = about},
             HeartbeatResponse{.correlation = beat.correlation, .error = Error::kStaleBrokerEpoch});
    return;
  }
  broker.last_contact = ctx.mono;
  broker.metadata_offset = beat.metadata_offset;
  NextState(ctx, process, beat, out);
  ArmSessionCheck(ctx, process, out);
  Reply(ctx, process,
        {.kind = PendingReply::Kind::kHeartbeat,
         .broker = beat.broker,
         .connection = event.connection,
         .correlation = beat.correlation},
        out);
}

}  // namespace kafka::controller
