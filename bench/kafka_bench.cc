// The shipped scenario of CL:B9, as a whole: events, nanoseconds, runs a second, and what a fork
// copies.
#include <cstdio>

#include "bench/harness.h"
#include "model/kafka/run.h"
#include "tools/analysis/prepare.h"

namespace bench {
namespace {

constexpr uint64_t kRuns = 400;  // a round; five rounds and a warm-up make 2,000 and more

struct Load {
  const char* name;
  const char* batch_size;
  uint32_t rate_per_s;  // 0: closed loop
  double runs_goal;
};

// The setup of CL:B9 with only its first kill (the second belongs to the claim, not to the figure).
analysis::Prepared Prepare(const kafka_config::Tables& tables, const Load& load) {
  loader::LoadedScenario loaded = *analysis::LoadNamed("b9");
  // Its programs send 1,000 messages between them.
  const auto programs = static_cast<uint32_t>(loaded.scenario.producer_size());
  for (auto& producer : *loaded.scenario.mutable_producer()) {
    producer.set_messages(1000 / programs);
    producer.clear_rate_per_s();
    if (load.rate_per_s != 0) producer.set_rate_per_s(load.rate_per_s / programs);
  }
  analysis::UserSettings user;
  user.set = {std::string("producer:batch.size=") + load.batch_size};
  const absl::StatusOr<analysis::Prepared> prepared =
      analysis::Prepare(tables, loaded, user, kafka::kNoStateWatcher);
  if (!prepared.ok()) {
    std::fprintf(stderr, "%s", std::string(prepared.status().message()).c_str());
    std::exit(1);
  }
  return *prepared;
}

// The leader dies once, in the middle; everything else is as the claim has it.
std::vector<sim::PlannedFault> OneKill(const kafka::Setup& setup) {
  for (sim::PlannedFault fault : setup.faults) {
    if (fault.kind != sim::FaultKind::kKill) continue;
    fault.note_kind = 0;
    fault.after_fault = -1;
    fault.at = {sim::Milliseconds(100).ns};
    return {fault};
  }
  return {};
}

// What search does all the time: copy a world, and look at it.
void MeasureFork(const std::string& name, const kafka::World& world, Table& table) {
  kafka::World fork = world;
  const uint64_t before = BytesAllocated();
  kafka::World copy = world;
  const uint64_t bytes = BytesAllocated() - before + sizeof(kafka::World);
  table.push_back(
      {name + ": bytes that a fork copies", static_cast<double>(bytes) / 1000, "kB", 120});
  table.push_back({name + ": fork into a warmed World",
                   NanosecondsPer(2000,
                                  [&](uint64_t count) {
                                    for (uint64_t i = 0; i < count; ++i) fork = copy;
                                    return fork.digest().low;
                                  }) /
                       1000,
                   "us"});
  table.push_back({name + ": state hash",
                   NanosecondsPer(2000,
                                  [&](uint64_t count) {
                                    uint64_t sum = 0;
                                    for (uint64_t i = 0; i < count; ++i) sum += copy.StateHash();
                                    return sum;
                                  }) /
                       1000,
                   "us"});
}

void Measure(const kafka_config::Tables& tables, const Load& load, double limit, Table& table) {
  const analysis::Prepared prepared = Prepare(tables, load);
  const auto faults = OneKill(prepared.setup());
  kafka::Runner runner(kafka::kNoStateWatcher);
  runner.Prepare(prepared.setup());
  kafka::RunOutcome outcome;
  uint64_t seed = 1;
  uint64_t events = 0;
  uint64_t runs = 0;
  uint64_t virtual_ns = 0;
  uint64_t evaluated = 0;
  const auto work = [&](uint64_t count) {
    uint64_t sum = 0;
    for (uint64_t i = 0; i < count; ++i) {
      runner.Run({.setup = &prepared.setup(), .seed = seed++, .faults = faults}, outcome);
      sum ^= outcome.digest.low;
      events += outcome.events;
      virtual_ns += static_cast<uint64_t>(outcome.ended.ns);
      for (const kafka::invariants::Tally& tally : outcome.invariants) evaluated += tally.evaluated;
      ++runs;
    }
    return sum;
  };
  const double ns_per_run = NanosecondsPer(kRuns, work);
  const double events_per_run = static_cast<double>(events) / static_cast<double>(runs);
  const std::string name = std::string("B9, 1,000 messages, ") + load.name;
  table.push_back({name + ": an event", ns_per_run / events_per_run, "ns", limit});
  table.push_back({name + ": runs", 1e9 / ns_per_run, "/s", load.runs_goal, true});
  table.push_back({name + ": events a run", events_per_run, ""});
  table.push_back({name + ": virtual time a run",
                   static_cast<double>(virtual_ns) / static_cast<double>(runs) / 1e9, "s"});
  table.push_back({name + ": evaluations of invariants a run",
                   static_cast<double>(evaluated) / static_cast<double>(runs), ""});
  MeasureFork(name, runner.world(), table);
}

}  // namespace

void MeasureKafka(Table& table) {
  const kafka_config::Tables tables = kafka_config::LoadTables();
  Measure(tables, {"unbatched, closed loop", "1", 0, 1300}, 130, table);
  Measure(tables, {"unbatched, 500/s", "1", 500, 0}, 130, table);
  Measure(tables, {"batches of 16", "2700", 0, 10000}, 0, table);
}

}  // namespace bench
