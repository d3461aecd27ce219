// The controller's verdict on proposed ISRs, in one answer.
#include <algorithm>

#include "model/kafka/broker/handlers.h"
#include "model/kafka/broker/replication/isr.h"
#include "model/kafka/broker/timers.h"

namespace kafka::broker {

void OnAlterPartitionResponse(const Context& ctx, Broker& self,
                              const sim::Received<AlterPartitionResponse>& event, Effects& out) {
  Process& process = self.process;
  Link& link = process.links[kAlterations];
  if (event.connection != link.connection || event.body.correlation != link.in_flight) return;
  link.in_flight = 0;
  if (event.body.error != Error::kNone) {  // KB:R-26: for ever, 50 ms apart
    out.SetTimer({.tag = {kAlterTimer, kBrokerRole, 0}, .min = sim::Milliseconds(50)});
    return;
  }
  link.attempts = 0;
  for (const AlterPartitionResponse::Item& item : event.items) {
    const auto asked = std::find_if(
        process.alterations.begin(), process.alterations.end(),
        [&](const AlterPartitionRequest::Item& each) { return each.partition == item.partition; });
    if (asked == process.alterations.end()) continue;
    if (!HandleIsrResult(ctx, self, *asked, item, out)) process.alterations.erase(asked);
  }
  SendAlterations(ctx, self, out);
}

}  // namespace kafka::broker
