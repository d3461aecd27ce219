#include "tools/analysis/price.h"

#include <algorithm>
#include <cmath>

namespace analysis {
namespace {

constexpr double kZ = 1.959963984540054;  // 97.5 % quantile of the normal distribution

// The value below which `percent` of them lie. Reorders.
double Percentile(std::vector<int64_t>& values, uint32_t percent) {
  const size_t rank = (values.size() * percent + 99) / 100;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank == 0 ? 0 : rank - 1);
  std::nth_element(values.begin(), at, values.end());
  return static_cast<double>(*at) / 1e6;
}

double ValueOf(Measure measure, const Sample& sample) {
  switch (measure) {
    case Measure::kLatencyP50:
      return sample.latency_p50;
    case Measure::kLatencyP99:
      return sample.latency_p99;
    case Measure::kThroughput:
      return sample.throughput;
    case Measure::kRefused:
      return sample.refused;
    case Measure::kUnavailable:
      return sample.unavailable;
  }
  return 0;
}

// A run that has no value of it is left out.
bool HasValue(Measure measure, const Sample& sample) {
  if (measure == Measure::kThroughput) return sample.acknowledged > 0;
  const bool is_latency = measure == Measure::kLatencyP50 || measure == Measure::kLatencyP99;
  return !is_latency || sample.timed > 0;
}

}  // namespace

void PriceWatcher::Begin() {
  sent_.clear();
  latencies_.clear();
  waiting_.clear();
  first_sent_ = last_ack_ = last_event_ = {};
  acknowledged_ = 0;
  refused_ = 0;
  unavailable_ = 0;
}

void PriceWatcher::Sent(kafka::MessageId message, uint32_t partition, sim::SimTime now) {
  if (sent_.size() <= message.value) sent_.resize(message.value + 1);
  sent_[message.value] = now;
  if (first_sent_.ns == 0) first_sent_ = now;
  if (waiting_.size() <= partition) waiting_.resize(partition + 1);
  Waiting& waiting = waiting_[partition];
  if (waiting.count++ == 0) waiting.since = now;
}

void PriceWatcher::EndWait(Waiting& waiting, sim::SimTime now) {
  const sim::Duration silence = now - waiting.since;
  if (waiting.count > 0 && silence > kUnavailableAfter) {
    unavailable_ += silence.ns;
    waiting.outage_end = now;
  }
  waiting.since = now;
}

void PriceWatcher::Answered(const kafka::World& world, kafka::PartitionId partition,
                            kafka::BatchId answered, bool stored, sim::SimTime now) {
  if (partition.value >= waiting_.size()) return;
  Waiting& waiting = waiting_[partition.value];
  if (stored) EndWait(waiting, now);
  const kafka::Batch& batch = world.tables[answered];
  uint32_t count = 0;
  for (kafka::MessageId id = batch.first; id.exists() && count < batch.count;
       id = world.tables[id].next, ++count) {
    const bool timed = stored && id.value < sent_.size() && sent_[id.value] >= waiting.outage_end;
    if (timed) latencies_.push_back((now - sent_[id.value]).ns);
  }
  if (stored) {
    last_ack_ = now;
    acknowledged_ += count;
  } else {
    refused_ += count;
  }
  waiting.count -= std::min(waiting.count, count);
  // What failed waited in vain until now.
  if (!stored && waiting.count == 0) {
    waiting.count = 1;
    EndWait(waiting, now);
    waiting.count = 0;
  }
}

void PriceWatcher::OnEvent(const sim::NoteHeader& header, std::span<const sim::Note> said,
                           const kafka::World& world) {
  namespace notes = kafka::notes;
  last_event_ = header.time;
  for (const sim::Note& note : said) {
    note.Visit<notes::Sent, notes::SendRefused, notes::AckedToApplication,
               notes::FailedToApplication>(
        [&](const notes::Sent& sent) { Sent(sent.message, sent.partition.value, header.time); },
        [&](const notes::SendRefused&) { ++refused_; },
        [&](const notes::AckedToApplication& acked) {
          Answered(world, acked.partition, acked.batch, true, header.time);
        },
        [&](const notes::FailedToApplication& failed) {
          Answered(world, failed.partition, failed.batch, false, header.time);
        });
  }
}

Sample PriceWatcher::Finish() {
  for (Waiting& waiting : waiting_) EndWait(waiting, last_event_);
  Sample sample;
  sample.acknowledged = acknowledged_;
  sample.timed = static_cast<uint32_t>(latencies_.size());
  sample.refused = static_cast<double>(refused_);
  sample.unavailable = static_cast<double>(unavailable_) / 1e9;
  if (acknowledged_ == 0) return sample;
  if (!latencies_.empty()) {
    sample.latency_p50 = Percentile(latencies_, 50);
    sample.latency_p99 = Percentile(latencies_, 99);
  }
  const auto span = static_cast<double>(std::max<int64_t>((last_ack_ - first_sent_).ns, 1)) / 1e9;
  sample.throughput = acknowledged_ / span;
  return sample;
}

PriceDifference DifferenceOf(Measure measure, std::span<const Sample> changed,
                             std::span<const Sample> unchanged) {
  PriceDifference result;
  double sum = 0, squares = 0, base = 0;
  for (size_t i = 0; i < changed.size(); ++i) {
    if (!HasValue(measure, changed[i]) || !HasValue(measure, unchanged[i])) continue;
    const double difference = ValueOf(measure, changed[i]) - ValueOf(measure, unchanged[i]);
    sum += difference;
    squares += difference * difference;
    base += ValueOf(measure, unchanged[i]);
    ++result.n;
  }
  if (result.n == 0) return result;
  const double n = result.n;
  result.mean = sum / n;
  result.base = base / n;
  const double variance = result.n < 2 ? 0 : std::max(0.0, (squares - sum * sum / n) / (n - 1));
  const double half = kZ * std::sqrt(variance / n);
  result.low = result.mean - half;
  result.high = result.mean + half;
  return result;
}

void AddPrices(std::span<const Sample> changed, std::span<const Sample> unchanged,
               answers::WhatIf::Line& out) {
  using Price = answers::WhatIf::Price;
  struct Row {
    Measure measure;
    Price::Measure answer;
  };
  constexpr Row kRows[] = {
      {Measure::kLatencyP50, Price::PRODUCE_LATENCY_P50},
      {Measure::kLatencyP99, Price::PRODUCE_LATENCY_P99},
      {Measure::kThroughput, Price::THROUGHPUT},
      {Measure::kRefused, Price::REFUSED_WRITES},
      {Measure::kUnavailable, Price::UNAVAILABLE},
  };
  for (const Row& row : kRows) {
    const PriceDifference difference = DifferenceOf(row.measure, changed, unchanged);
    if (difference.n == 0) continue;
    auto& price = *out.add_prices();
    price.set_measure(row.answer);
    price.set_difference(difference.mean);
    price.set_low(difference.low);
    price.set_high(difference.high);
    price.set_base(difference.base);
  }
}

}  // namespace analysis
