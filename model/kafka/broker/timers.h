// model/kafka/broker/timers.h
//
// The names of a broker's timers. A timer belongs to a role, so that a role's end can cancel all of
// its timers at once.
#ifndef MODEL_KAFKA_BROKER_TIMERS_H_
#define MODEL_KAFKA_BROKER_TIMERS_H_

#include <cstdint>

namespace kafka::broker {

enum TimerKind : uint8_t {
  kStartUpTimer = 1,
  kLifecycleTimer,  // next heartbeat or registration, or the time-out of the one in flight
  kReconnectTimer,  // index: ControllerLink
  kMetadataTimer,   // records are applied
  kAlterTimer,      // a refused AlterPartition goes out again
  kIsrTimer,
  kWatermarkTimer,      // checkpoint
  kRecoveryPointTimer,  // checkpoint
  kFlusherTimer,
  kProduceTimer,
  kFetchTimer,
  kFetcherTimer,  // index: broker fetched from
  kQuorumStateTimer,
  kHeldTimer,     // index: partition whose writer the kernel lets go; in the role of who wrote
  kLeavingTimer,  // controlled shutdown is given up
};
enum TimerRole : uint8_t { kBrokerRole = 0, kFetcherRole = 1 };

}  // namespace kafka::broker

#endif  // MODEL_KAFKA_BROKER_TIMERS_H_
