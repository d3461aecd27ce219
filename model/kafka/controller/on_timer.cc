// The controller's own clockwork: commit of the metadata log, sessions, unclean elections.
#include <algorithm>

#include "model/kafka/clockwork.h"
#include "model/kafka/controller/handlers.h"
#include "model/kafka/controller/records.h"

namespace kafka::controller {
namespace {

constexpr sim::TimerTag kUnclean{.kind = kUncleanTimer, .role = 0, .index = 0};
constexpr sim::TimerTag kBalance{.kind = kBalanceTimer, .role = 0, .index = 0};

// One broker is fenced a run, the next at once (KB:C-6): in order of expiry, so that who is fenced
// last is who was heard last.
void FenceExpired(const Context& ctx, Process& process, Effects& out) {
  for (;;) {
    BrokerId oldest;
    for (uint8_t i = 0; i < ctx.setup->brokers.size(); ++i) {
      const Registration& broker = process.brokers[{i}];
      const Duration session = ctx.setup->brokers[i].settings.session_timeout;
      if (!broker.registered || broker.fenced) continue;
      if (ctx.mono - broker.last_contact < session) continue;
      if (!oldest.exists() || broker.last_contact < process.brokers[oldest].last_contact) {
        oldest = {i};
      }
    }
    if (!oldest.exists()) return;
    Fence(ctx, process, oldest, FenceReason::kSessionExpired, out);
  }
}

// Nothing is said of the others: the periodic task (KB:E-31) would find nobody.
bool MayBecomeUnclean(const Setup& setup) {
  const bool from_the_start =
      std::any_of(setup.topics.begin(), setup.topics.end(),
                  [](const TopicSetup& topic) { return topic.settings.unclean_leader_election; });
  return from_the_start || std::any_of(setup.acts.begin(), setup.acts.end(), [](const Act& act) {
           return act.kind == Act::Kind::kChangeSetting &&
                  act.setting == TopicSetting::kUncleanLeaderElection && act.value != 0;
         });
}

}  // namespace

void OnStarted(const Context& ctx, Controller& self, const sim::Received<sim::Started>&,
               Effects& out) {
  Process& process = self.process;
  const Duration up = UpBeforeTheRun(ctx, ctx.self_name);
  process.started = ctx.mono - up;
  for (uint8_t i = 0; i < ctx.setup->brokers.size(); ++i) {
    const BrokerSetup& broker = ctx.setup->brokers[i];
    const Duration broker_up = UpBeforeTheRun(ctx, sim::HashName(broker.name));
    process.brokers[{i}].last_contact =
        ctx.mono - SinceLastTick(broker_up, broker.settings.heartbeat_interval);
  }
  ArmSessionCheck(ctx, process, out);
  const ControllerSettings& settings = ctx.setup->controller;
  if (settings.leader_rebalance) {
    const Duration interval = settings.rebalance_interval;
    out.SetTimer({.tag = kBalance, .min = UntilNextTick(up, interval, interval)});
  }
  if (MayBecomeUnclean(*ctx.setup)) {
    const Duration interval = settings.unclean_election_interval;
    out.SetTimer({.tag = kUnclean, .min = UntilNextTick(up, interval, interval)});
  }
}

// No fault stops the controller; if one did, it would go on.
void OnStopRequested(const Context&, Controller&, const sim::Received<sim::StopRequested>&,
                     Effects&) {}

void OnTimer(const Context& ctx, Controller& self, const sim::Received<sim::TimerFired>& event,
             Effects& out) {
  switch (event.body.tag.kind) {
    case kCommitTimer:
      return Commit(ctx, self.process, out);
    case kSessionTimer:
      FenceExpired(ctx, self.process, out);
      return ArmSessionCheck(ctx, self.process, out);
    case kUncleanTimer:  // KB:E-31
      ElectForLeaderless(ctx, self.process, out);
      out.SetTimer({.tag = kUnclean, .min = ctx.setup->controller.unclean_election_interval});
      return;
    case kBalanceTimer:  // KB:E-30
      BalanceLeaders(ctx, self.process, out);
      out.SetTimer({.tag = kBalance, .min = ctx.setup->controller.rebalance_interval});
      return;
    default:
      SIM_CHECK(false);
  }
}

}  // namespace kafka::controller
