// tools/analysis/price.h
//
// What a configuration costs: latency, throughput, refused writes and unavailable seconds of one
// run, and the paired difference of two configurations over many seeds.
//
// Complexity:  a look at each note, and one sort a run.
#ifndef TOOLS_ANALYSIS_PRICE_H_
#define TOOLS_ANALYSIS_PRICE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "model/kafka/run.h"
#include "tools/answers/explanation.pb.h"

namespace analysis {

// A second and more in which something waits and nobody is answered is an outage, and counted as
// unavailable. Messages that were sent before its end and answered after it say nothing of latency:
// half of a short run may wait for an election, and its median would be that of the election.
constexpr sim::Duration kUnavailableAfter = sim::Seconds(1);

// Of one run.
struct Sample {
  uint32_t acknowledged = 0;     // messages
  uint32_t timed = 0;            // ... outside of outages
  double latency_p50 = 0;        // ms, from send() to the callback, outside of outages
  double latency_p99 = 0;        // ms
  double throughput = 0;         // acknowledged messages a second, from the first send on
  double refused = 0;            // messages for which the application got an error
  double unavailable = 0;        // s, summed over partitions: something waited, nobody was answered
  uint32_t broken_messages = 0;  // the caller's to set, as the next one
  bool bad = false;
};

// Reads one run after the other.
class PriceWatcher : public kafka::RunWatcher {
 public:
  void Begin();
  void OnEvent(const sim::NoteHeader& header, std::span<const sim::Note> said,
               const kafka::World& world) override;
  Sample Finish();

 private:
  struct Waiting {
    uint32_t count = 0;
    sim::SimTime since;  // nobody was answered
    sim::SimTime outage_end;
  };
  void Sent(kafka::MessageId message, uint32_t partition, sim::SimTime now);
  void Answered(const kafka::World& world, kafka::PartitionId partition, kafka::BatchId batch,
                bool stored, sim::SimTime now);
  void EndWait(Waiting& waiting, sim::SimTime now);

  std::vector<sim::SimTime> sent_;  // by message
  std::vector<int64_t> latencies_;
  std::vector<Waiting> waiting_;  // by partition
  sim::SimTime first_sent_, last_ack_, last_event_;
  uint32_t acknowledged_ = 0;
  uint64_t refused_ = 0;
  int64_t unavailable_ = 0;
};

// The mean of the differences seed by seed, with its normal 95 % interval.
struct PriceDifference {
  double mean = 0;
  double low = 0;
  double high = 0;
  double base = 0;  // mean of the unchanged runs
  uint32_t n = 0;
};
// Required: as many of the one as of the other. Pairs in which a run acknowledged nothing have no
// latency, and are left out of latency and throughput.
enum class Measure { kLatencyP50, kLatencyP99, kThroughput, kRefused, kUnavailable };
PriceDifference DifferenceOf(Measure measure, std::span<const Sample> changed,
                             std::span<const Sample> unchanged);

// All of the measures, as they are printed.
void AddPrices(std::span<const Sample> changed, std::span<const Sample> unchanged,
               answers::WhatIf::Line& out);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_PRICE_H_
