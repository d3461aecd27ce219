// model/kafka/explain/faults.h
//
// Which faults of the plan had a part in what became of a message: a fault counts if it touched a
// broker, a link or a client on which that depended, while it depended on it.
//
// Never a guess: each reason is read off the ledger's history. Whether a fault really was a cause
// is found out by leaving it out (tools/analysis/causes.h).
// Leaves out:  clock steps; slow disks, unless an answer waited for a flush.
#ifndef MODEL_KAFKA_EXPLAIN_FAULTS_H_
#define MODEL_KAFKA_EXPLAIN_FAULTS_H_

#include <vector>

#include "model/kafka/explain/inquiry.h"

namespace kafka::explain {

enum class FaultPart : uint8_t {
  kNone,
  kStoppedAuthor,   // it stopped, paused or cut off the leader that had written the message
  kErasedCopy,      // a copy went with its page cache, or its disk
  kKeptCopyAway,    // a replica did not get the message because of it
  kKeptHolderAway,  // a replica that had the message could not be elected
  kHeldUpAnswer,    // the producer, the leader, or whom it waits for
  kStoppedClient,
};

struct ChainFault {
  uint16_t plan = 0;
  FaultPart part{};
  sim::NoteHeader at;
  kafka::BrokerSet brokers;  // whom it met
};

// The decisive one first, then in order of time.
std::vector<ChainFault> FaultsInChain(const Inquiry& inquiry);

// Brokers among its machines, hosts and peers.
kafka::BrokerSet BrokersOf(const Inquiry& inquiry, const sim::RealisedFault& fault);
// When its effect on that broker was over: healed, resumed, or leads again, or is at the leader's
// door. Never: not in this run.
sim::SimTime EffectEnd(const Inquiry& inquiry, const sim::RealisedFault& fault,
                       kafka::BrokerId broker);

constexpr bool StopsProcess(sim::FaultKind kind) {
  return kind == sim::FaultKind::kKill || kind == sim::FaultKind::kStop ||
         kind == sim::FaultKind::kPanic || kind == sim::FaultKind::kPowerLoss;
}
constexpr bool IsOfLinks(sim::FaultKind kind) {
  return kind == sim::FaultKind::kPartition || kind == sim::FaultKind::kLatencySpike;
}

}  // namespace kafka::explain

#endif  // MODEL_KAFKA_EXPLAIN_FAULTS_H_
