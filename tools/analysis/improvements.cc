#include "tools/analysis/improvements.h"

namespace analysis {
namespace {

using enum kafka_config::Scope;
constexpr Improvement kImprovements[] = {
    {kProducer, "acks", "all", Enough::kEqual, kLost | kSilent, true},
    {kTopic, "min.insync.replicas", "2", Enough::kAtLeast, kLost, true},
    {kTopic, "unclean.leader.election.enable", "false", Enough::kEqual, kLost, true},
    {kTopic, "flush.messages", "1", Enough::kAtMost, kLost, false},
    {kTopic, "flush.ms", "1000", Enough::kAtMost, kLost, false},
    {kTopic, "replication.factor", "3", Enough::kAtLeast, kLost | kFailed | kGone, true},
    {kProducer, "enable.idempotence", "true", Enough::kEqual, kDuplicated | kOutOfOrder | kLost,
     true},
    {kProducer, "max.in.flight.requests.per.connection", "1", Enough::kAtMost, kOutOfOrder, false},
    {kTopic, "min.insync.replicas", "1", Enough::kAtMost, kFailed | kGone, false},
    {kProducer, "retries", "2147483647", Enough::kAtLeast, kFailed | kSilent, true},
    {kProducer, "retries", "0", Enough::kAtMost, kDuplicated, false},
    {kProducer, "delivery.timeout.ms", "300000", Enough::kAtLeast, kFailed | kSilent | kGone,
     false},
    {kProducer, "request.timeout.ms", "60000", Enough::kAtLeast, kDuplicated | kOutOfOrder, false},
    {kProducer, "max.block.ms", "120000", Enough::kAtLeast, kFailed | kSilent, false},
    {kProducer, "max.request.size", "10485760", Enough::kAtLeast, kFailed | kSilent, false},
    {kTopic, "max.message.bytes", "10485760", Enough::kAtLeast, kFailed | kSilent, false},
    {kBroker, "replica.lag.time.max.ms", "10000", Enough::kAtMost, kLost | kFailed, false},
    {kBroker, "broker.session.timeout.ms", "30000", Enough::kAtLeast, kLost, false},
    {kBroker, "broker.session.timeout.ms", "6000", Enough::kAtMost, kFailed, false},
    {kBroker, "controlled.shutdown.enable", "true", Enough::kEqual, kLost | kFailed, false},
    {kTopic, "unclean.leader.election.enable", "true", Enough::kEqual, kGone, false},
    {kConsumer, "auto.offset.reset", "earliest", Enough::kEqual, kUnread, true},
};

}  // namespace

std::span<const Improvement> Improvements() { return kImprovements; }

uint8_t BearsOn(const Story& story) {
  switch (story.fate) {
    case kafka::ledger::Fate::kLostAfterAck:
      return kLost;
    case kafka::ledger::Fate::kLostSilent:
      return story.has_finding && story.finding.leaf == kafka::ledger::Leaf::kNothingPromised
                 ? kSilent
                 : kLost;
    case kafka::ledger::Fate::kDuplicate:
      return kDuplicated;
    case kafka::ledger::Fate::kReordered:
      return kOutOfOrder;
    case kafka::ledger::Fate::kFailedReported:
    case kafka::ledger::Fate::kGhost:
      return kFailed;
    case kafka::ledger::Fate::kSkipped:
      return kUnread;
    case kafka::ledger::Fate::kPending:
      return story.awaited ? kUnread : kGone;
    default:
      return kGone;
  }
}

}  // namespace analysis
