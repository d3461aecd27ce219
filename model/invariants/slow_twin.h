// model/invariants/slow_twin.h
//
// The slow twins: the same questions, put to the whole state of all brokers and of the controller
// instead of to notes. They run in tests only, after any event, and must agree with the folds: that
// is how a forgotten note is found.
#ifndef MODEL_INVARIANTS_SLOW_TWIN_H_
#define MODEL_INVARIANTS_SLOW_TWIN_H_

#include <span>
#include <vector>

#include "model/invariants/invariants.h"
#include "model/kafka/broker/state.h"
#include "model/kafka/controller/state.h"
#include "model/ledger/ledger.h"

namespace invariants {

struct State {
  std::span<const kafka::broker::Broker> brokers;
  const kafka::controller::Controller& controller;
  const ledger::Ledger& ledger;
  const kafka::Tables& tables;
  const kafka::Setup& setup;
};

// Where the ledger's picture and the state part. Empty: it missed nothing.
struct Disagreement {
  const char* what = "";
  kafka::PartitionId partition;
  kafka::BrokerId broker;
};
std::vector<Disagreement> ComparePictures(const State& state);

// Which of these invariants the state itself breaks just now: FC:I2 (of leaders in the newest
// epoch), FC:I3, FC:I5, KB:I-4 as part of FC:I10. Exceptions are not asked for: who calls has none.
std::vector<Violation> LookAtState(const State& state);

}  // namespace invariants

#endif  // MODEL_INVARIANTS_SLOW_TWIN_H_
