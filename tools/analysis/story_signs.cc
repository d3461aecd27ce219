// What an operator would have seen: metrics of brokers, lines of their logs, the producer's errors.
#include <algorithm>

#include "tools/analysis/story_facts.h"
#include "tools/answers/names.h"

namespace analysis {
namespace {

using answers::Sign;
using kafka::BrokerSet;
using kafka::explain::Inquiry;

class SignFinder {
 public:
  explicit SignFinder(const Inquiry& inquiry)
      : inquiry_(inquiry),
        partition_(answers::NameOfPartition(inquiry.setup(), inquiry.partition)) {}

  std::vector<Sign> Find() {
    if (inquiry_.fate == kafka::ledger::Fate::kOk) return {};
    const sim::EventId from = Beginning();
    isr_ = inquiry_.RecordBefore(from).isr;
    epoch_ = inquiry_.RecordBefore(from).leader_epoch.value;
    for (const kafka::explain::Said& each : inquiry_.said()) {
      if (each.header.event < from || !inquiry_.IsOfPartition(each.note)) continue;
      if (each.note.kind == kafka::kPartitionState) ReadRecord(each.note);
      ReadBroker(each);
    }
    ReadProducer();
    return std::move(signs_);
  }

 private:
  // The sending, or the election that lost the message if it was before.
  sim::EventId Beginning() const {
    const sim::EventId sent = inquiry_.moments.sent.event;
    const sim::EventId from = sent.exists() ? sent : sim::EventId{0};
    const bool elected = inquiry_.WasLost() && inquiry_.finding->elected.exists();
    return elected ? std::min(from, inquiry_.finding->elected.event) : from;
  }

  // A sign of the partition, unless it is one already.
  void See(Sign::Kind kind, const std::string& broker = "", uint64_t offset = 0) {
    const bool known = std::any_of(signs_.begin(), signs_.end(), [&](const Sign& sign) {
      return sign.kind() == kind && sign.broker() == broker && sign.offset() == offset;
    });
    if (known) return;
    Sign& sign = signs_.emplace_back();
    sign.set_kind(kind);
    sign.set_partition(partition_);
    sign.set_broker(broker);
    sign.set_offset(offset);
  }

  void ReadRecord(const sim::Note& note) {
    const BrokerSet now{static_cast<uint16_t>(note.c)};
    const auto how = static_cast<kafka::Election>(kafka::Low(note.a));
    const auto bumped = static_cast<int32_t>(kafka::High(note.b));
    const auto min_isr = static_cast<int>(note.c >> 48);
    if (bumped > epoch_) See(Sign::LEADER_EPOCH_BUMP);
    if (now.size() < isr_.size()) See(Sign::ISR_SHRINKS);
    const bool unclean =
        how == kafka::Election::kUnclean || how == kafka::Election::kLastKnownLeader;
    if (unclean) See(Sign::UNCLEAN_ELECTIONS);
    if (how == kafka::Election::kLeaderless) See(Sign::OFFLINE_PARTITIONS);
    if (now.size() < min_isr) See(Sign::UNDER_MIN_ISR);
    isr_ = now;
    epoch_ = bumped;
  }

  void ReadBroker(const kafka::explain::Said& each) {
    const sim::Note& note = each.note;
    const std::string broker = answers::NameOfMachine(inquiry_.setup(), note.machine);
    if (note.kind == kafka::kTruncated) {
      const auto offset =
          static_cast<uint64_t>(std::max<int64_t>(inquiry_.moments.offset.value, 0));
      if (note.a <= offset && note.b > offset) See(Sign::TRUNCATION, broker, note.a);
      return;
    }
    const kafka::explain::Moments& moments = inquiry_.moments;
    const bool unclean = note.kind == kafka::kRecovered && note.b == 0;
    if (unclean && moments.appended.event.exists() && each.header.event > moments.appended.event) {
      See(Sign::UNCLEAN_RECOVERY, broker);
    }
  }

  void ReadProducer() {
    if (inquiry_.moments.failed.event.exists()) return See(Sign::PRODUCER_ERROR);
    if (IsLoss(inquiry_.fate)) See(Sign::NO_PRODUCER_ERROR);
  }

  const Inquiry& inquiry_;
  const std::string partition_;
  BrokerSet isr_;
  int32_t epoch_ = 0;
  std::vector<Sign> signs_;
};

}  // namespace

std::vector<Sign> SignsOf(const Inquiry& inquiry) { return SignFinder(inquiry).Find(); }

}  // namespace analysis
