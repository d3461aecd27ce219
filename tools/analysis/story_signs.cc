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
    for (const kafka::explain::RecordedNote& each : inquiry_.notes()) {
      if (each.header.event < from || !inquiry_.IsOfPartition(each.note)) continue;
      if (const auto record = each.note.If<kafka::notes::PartitionState>()) ReadRecord(*record);
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

  void ReadRecord(const kafka::notes::PartitionState& record) {
    if (record.leader_epoch.value > epoch_) See(Sign::LEADER_EPOCH_BUMP);
    if (record.isr.size() < isr_.size()) See(Sign::ISR_SHRINKS);
    if (kafka::ledger::IsUnclean(record.election)) See(Sign::UNCLEAN_ELECTIONS);
    if (record.election == kafka::Election::kLeaderless) See(Sign::OFFLINE_PARTITIONS);
    if (record.isr.size() < record.min_isr) See(Sign::UNDER_MIN_ISR);
    isr_ = record.isr;
    epoch_ = record.leader_epoch.value;
  }

  void ReadBroker(const kafka::explain::RecordedNote& each) {
    const std::string broker = answers::NameOfMachine(inquiry_.setup(), each.note.machine);
    if (const auto cut = each.note.If<kafka::notes::Truncated>()) {
      const kafka::Offset offset = std::max(inquiry_.moments.offset, kafka::Offset{0});
      if (cut->end > offset || cut->old_end <= offset) return;
      return See(Sign::TRUNCATION, broker, static_cast<uint64_t>(cut->end.value));
    }
    const auto recovered = each.note.If<kafka::notes::Recovered>();
    const sim::NoteHeader& appended = inquiry_.moments.appended;
    const bool unclean = recovered && recovered->bytes_scanned == 0;
    if (unclean && appended.event.exists() && each.header.event > appended.event) {
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
