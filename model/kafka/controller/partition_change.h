// model/kafka/controller/partition_change.h
//
// How one partition's record follows from an event: target ISR, target ELR, election
// (KB:E-1..E-15). Pure: state in, state out.
#ifndef MODEL_KAFKA_CONTROLLER_PARTITION_CHANGE_H_
#define MODEL_KAFKA_CONTROLLER_PARTITION_CHANGE_H_

#include <span>

#include "model/kafka/controller/state.h"

namespace kafka::controller {

struct ChangeRequest {
  BrokerSet target_isr;        // what the event wants; may be empty
  BrokerSet unclean_shutdown;  // brokers found to have restarted uncleanly (KB:E-13)
  BrokerSet acceptable;        // may lead: registered, unfenced, not shutting down (KB:E-4, E-6)
  std::span<const BrokerId> assignment;
  int min_isr = 1;  // KB:E-11
  bool elr_enabled = true;
  bool unclean_allowed = false;  // KB:E-7
  bool by_hand = false;          // an operator lets anybody lead, whatever the topic says (KB:E-32)
  bool preferred = false;        // the first replica leads if it may (KB:E-30)
  bool any_alive_may_lead = false;  // planted bug
};

struct ChangeResult {
  PartitionState state;
  Election election = Election::kNone;
  bool changed = false;  // false: the record would be a no-op, and is dropped (KB:E-3)
};

ChangeResult Change(const PartitionState& before, const ChangeRequest& request);

}  // namespace kafka::controller

#endif  // MODEL_KAFKA_CONTROLLER_PARTITION_CHANGE_H_
