// Common random numbers: how much steadier the difference of two configurations is when both see
// the same choices than when each draws its own.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "bench/harness.h"
#include "model/kafka/run.h"
#include "sim/hash.h"
#include "tools/analysis/prepare.h"
#include "tools/analysis/price.h"

namespace bench {
namespace {

constexpr uint64_t kSeeds = 400;
constexpr uint64_t kElsewhere = 1'000'000;  // seeds of their own, for the comparison
constexpr double kGoal = 50;

// Two configurations of one cluster. Faults come at a time that is the seed's; in each pair both
// configurations lose messages in some runs, or there would be nothing to have in common.
struct Pair {
  const char* name;
  const char* faults;  // their distance counts, the first one's time is drawn
  std::vector<std::string> from;
  std::vector<std::string> to;
};

std::vector<Pair> Pairs() {
  return {
      // Everybody loses power: what is in page caches is gone, whoever said that it was stored.
      {"acks 1 / all",
       "fault { at: \"1s\" power_loss { domain: ALL } restart_after: \"5s\" }",
       {"producer:acks=1"},
       {"producer:acks=all"}},
      // The followers are cut off and leave the ISR; two seconds later everybody loses power.
      {"min.insync.replicas 1 / 2",
       "fault { at: \"1s\" partition { from { role: FOLLOWERS } to { role: LEADER } heal_after: "
       "\"20s\" } } fault { at: \"3s\" power_loss { domain: ALL } restart_after: \"5s\" }",
       {"topic:min.insync.replicas=1", "broker:replica.lag.time.max.ms=1000"},
       {"topic:min.insync.replicas=2", "broker:replica.lag.time.max.ms=1000"}},
      // The leader is killed for good under acks=1: what it flushed helps nobody.
      {"flush.messages unset / 1",
       "fault { at: \"1s\" kill { role: LEADER } }",
       {"producer:acks=1"},
       {"producer:acks=1", "topic:flush.messages=1"}},
  };
}

// The plan with its first fault 0.5 s to 1.5 s from the start, the others at their distance.
std::vector<sim::PlannedFault> DrawnPlan(const kafka::Setup& setup, uint64_t seed) {
  std::vector<sim::PlannedFault> plan = setup.faults;
  const sim::Duration drawn =
      sim::Microseconds(500'000 + static_cast<int64_t>(sim::Mix(seed, 1) % 1'000'000));
  const sim::SimTime first = plan.front().at;
  for (sim::PlannedFault& fault : plan) fault.at = sim::SimTime{drawn.ns} + (fault.at - first);
  return plan;
}

analysis::Prepared Prepare(const kafka_config::Tables& tables, const Pair& pair,
                           const std::vector<std::string>& set) {
  const std::string text =
      "name: \"crn\" cluster { brokers: 3 } network { between_brokers: \"5ms\" } "
      "topic { name: \"orders\" partitions: 1 } "
      "producer { name: \"shop\" messages: 400 rate_per_s: 100 } " +
      std::string(pair.faults);
  const loader::LoadResult loaded = loader::LoadScenario(text, "crn_bench");
  if (!loaded.scenario) {
    std::fprintf(stderr, "%s", kafka_config::Describe(loaded.errors).c_str());
    std::exit(1);
  }
  const absl::StatusOr<analysis::Prepared> prepared = analysis::Prepare(
      tables, *loaded.scenario, {.files = {}, .set = set}, kafka::kNoStateWatcher);
  if (!prepared.ok()) {
    std::fprintf(stderr, "%s", std::string(prepared.status().message()).c_str());
    std::exit(1);
  }
  return *prepared;
}

// One run with a fault plan, and its figures.
class Sampler {
 public:
  analysis::Sample Run(const kafka::Setup& setup, uint64_t seed,
                       std::span<const sim::PlannedFault> faults) {
    watcher_.Begin();
    runner_.Run({.setup = &setup, .seed = seed, .faults = faults}, outcome, &watcher_);
    analysis::Sample sample = watcher_.Finish();
    sample.broken_messages =
        static_cast<uint32_t>(outcome.verdict.of(kafka::ledger::Property::kNoAckedLoss).broken);
    return sample;
  }

  kafka::RunOutcome outcome;

 private:
  kafka::Runner runner_{kafka::kNoStateWatcher};
  analysis::PriceWatcher watcher_;
};

double Variance(const std::vector<double>& values) {
  double sum = 0, squares = 0;
  for (const double value : values) {
    sum += value;
    squares += value * value;
  }
  const auto n = static_cast<double>(values.size());
  return (squares - sum * sum / n) / (n - 1);
}

// Differences of one measure, with common choices and with choices of their own.
struct Differences {
  std::vector<double> common;
  std::vector<double> apart;

  void Add(double from, double to, double elsewhere) {
    common.push_back(to - from);
    apart.push_back(elsewhere - from);
  }
  double ratio() const { return Variance(apart) / Variance(common); }
};

void Measure(const kafka_config::Tables& tables, const Pair& pair, Table& table) {
  const analysis::Prepared from = Prepare(tables, pair, pair.from);
  const analysis::Prepared to = Prepare(tables, pair, pair.to);
  Sampler sampler;
  Differences lost, latency, throughput;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const analysis::Sample base = sampler.Run(from.setup(), seed, DrawnPlan(from.setup(), seed));
    const auto anchored = kafka::Anchored(to.setup().faults, sampler.outcome.realised);
    const analysis::Sample common = sampler.Run(to.setup(), seed, anchored);
    const uint64_t other = kElsewhere + seed;
    const analysis::Sample apart = sampler.Run(to.setup(), other, DrawnPlan(to.setup(), other));
    lost.Add(base.broken_messages, common.broken_messages, apart.broken_messages);
    latency.Add(base.latency_p50, common.latency_p50, apart.latency_p50);
    throughput.Add(base.throughput, common.throughput, apart.throughput);
  }
  const auto row = [&](const char* what, const Differences& differences, double goal) {
    table.push_back({std::string("common random numbers, ") + pair.name + ": " + what,
                     differences.ratio(), "x less", goal, true});
  };
  row("lost messages", lost, kGoal);
  // Prices: two configurations have few latencies in common, so little is expected here.
  row("latency p50", latency, 0);
  row("throughput", throughput, 0);
}

}  // namespace

void MeasureCommonRandomNumbers(Table& table) {
  const kafka_config::Tables tables = kafka_config::LoadTables();
  for (const Pair& pair : Pairs()) Measure(tables, pair, table);
}

}  // namespace bench
