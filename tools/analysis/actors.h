// tools/analysis/actors.h
//
// Machines, sets of brokers and faults of a run as the answers have them.
#ifndef TOOLS_ANALYSIS_ACTORS_H_
#define TOOLS_ANALYSIS_ACTORS_H_

#include <google/protobuf/repeated_field.h>

#include "model/kafka/explain/inquiry.h"
#include "model/kafka/setup.h"
#include "tools/analysis/words.h"
#include "tools/answers/actors.pb.h"

namespace analysis {

using Actors = google::protobuf::RepeatedPtrField<answers::Actor>;
using NodeIds = google::protobuf::RepeatedField<uint32_t>;

// Nobody, if the machine or the broker does not exist.
answers::Actor ActorOf(const kafka::Setup& setup, sim::MachineId machine);
answers::Actor ActorOf(const kafka::Setup& setup, kafka::BrokerId broker);
answers::Actor ActorOf(const kafka::Setup& setup, kafka::ConsumerIndex consumer);
// In rising order.
Actors ActorsOf(const kafka::Setup& setup, kafka::BrokerSet brokers);
NodeIds NodeIdsOf(kafka::BrokerSet brokers);

// In ns; 0: a stop is waited for, or it is none.
uint64_t GraceOf(const sim::PlannedFault& fault);
// Of a fault of kind kOrder.
answers::OperatorAct ActOf(const kafka::Setup& setup, const sim::PlannedFault& fault);
// A fault of the plan of the run that is asked about.
answers::StruckFault StruckFaultOf(const kafka::explain::Inquiry& its, uint16_t plan_index);

constexpr answers::PlantedBug AnswerOf(kafka::Mutant mutant) {
  return WordOrNone<answers::PlantedBug>(mutant);
}
static_assert(AnswerOf(kafka::Mutant::kKeepPendingIsr) == answers::KEEP_PENDING_ISR);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_ACTORS_H_
