#include "tools/analysis/chain_answer.h"

#include "tools/analysis/actors.h"
#include "tools/answers/names.h"

namespace analysis {
namespace {

namespace row = kafka::explain::row;
using answers::RowDetails;
using kafka::explain::Inquiry;
using kafka::explain::Row;

RowDetails::Elected::How HowOf(kafka::Election how) {
  switch (how) {
    case kafka::Election::kFromIsr:
      return RowDetails::Elected::FROM_ISR;
    case kafka::Election::kFromElr:
      return RowDetails::Elected::FROM_ELR;
    case kafka::Election::kLastKnownLeader:
      return RowDetails::Elected::LAST_KNOWN_LEADER;
    case kafka::Election::kUnclean:
      return RowDetails::Elected::UNCLEAN;
    case kafka::Election::kUncleanByHand:
      return RowDetails::Elected::UNCLEAN_BY_HAND;
    case kafka::Election::kNone:
    case kafka::Election::kCreated:
    case kafka::Election::kLeaderless:
      break;
  }
  return RowDetails::Elected::BY_NO_RULE;
}

// Fills the message of one row's kind.
struct RowFacts {
  const Inquiry& its;
  RowDetails& out;

  std::string Message(kafka::MessageId message) const {
    return answers::NameOfMessage(its.setup(), its.tables(), message);
  }
  std::string Group(kafka::GroupId group) const { return its.setup().groups[group.value]; }
  std::string GroupOf(kafka::ConsumerIndex consumer) const {
    return Group(its.setup().consumers[consumer.value].program.group);
  }
  answers::Actor Actor(kafka::BrokerId broker) const { return ActorOf(its.setup(), broker); }
  answers::Actor Actor(kafka::ConsumerIndex consumer) const {
    return ActorOf(its.setup(), consumer);
  }
  Actors Many(kafka::BrokerSet brokers) const { return ActorsOf(its.setup(), brokers); }

  // ---- Producers. ----
  void operator()(const row::Submitted& from) const {
    out.mutable_submitted()->set_acks(static_cast<int32_t>(from.acks));
  }
  void operator()(const row::Sent& from) const {
    const kafka::Batch& batch = its.tables()[from.batch];
    kafka::MessageId last = batch.first;
    for (uint32_t i = 1; i < batch.count; ++i) last = its.tables()[last].next;
    auto& sent = *out.mutable_sent();
    *sent.mutable_to() = Actor(from.to);
    sent.set_first(Message(batch.first));
    sent.set_last(Message(last));
  }
  void operator()(const row::SentAgain& from) const {
    *out.mutable_sent_again()->mutable_to() = Actor(from.to);
    out.mutable_sent_again()->set_attempt(from.attempt);
  }
  void operator()(const row::Refused& from) const {
    out.mutable_refused()->set_error(kafka::NameOf(from.error));
  }
  void operator()(const row::Retried& from) const {
    out.mutable_retried()->set_error(kafka::NameOf(from.error));
    out.mutable_retried()->set_attempt(from.attempt);
  }
  void operator()(const row::Renumbered&) const { out.mutable_renumbered(); }
  void operator()(const row::ApplicationTold& from) const {
    out.mutable_told()->set_acks(static_cast<int32_t>(from.acks));
  }
  void operator()(const row::Failed& from) const {
    out.mutable_failed()->set_error(kafka::NameOf(from.error));
  }
  void operator()(const row::Disconnected& from) const {
    *out.mutable_disconnected()->mutable_peer() = Actor(from.peer);
    out.mutable_disconnected()->set_reset(from.reset);
  }
  void operator()(const row::ProducerEnded&) const { out.mutable_producer_ended(); }

  // ---- Brokers. ----
  void operator()(const row::LastFetch& from) const {
    auto& fetch = *out.mutable_last_fetch();
    *fetch.mutable_follower() = Actor(from.follower);
    fetch.set_answered(from.answered);
    fetch.set_offset(from.offset.value);
  }
  void Append(const row::Append& from, bool again) const {
    auto& append = *out.mutable_appended();
    append.set_from(from.from.value);
    append.set_to(from.to.value);
    append.set_leader_epoch(from.epoch.value);
    append.set_high_watermark(from.high_watermark.value);
    append.set_again(again);
  }
  void operator()(const row::Appended& from) const { Append(from, false); }
  void operator()(const row::AppendedAgain& from) const { Append(from, true); }
  void operator()(const row::Copied& from) const {
    *out.mutable_copied()->mutable_followers() = Many(from.followers);
  }
  void operator()(const row::Durable& from) const {
    *out.mutable_durable()->mutable_brokers() = Many(from.brokers);
  }
  void operator()(const row::Committed& from) const {
    auto& committed = *out.mutable_committed();
    committed.set_from(from.from.value);
    committed.set_to(from.to.value);
    *committed.mutable_isr() = NodeIdsOf(from.isr);
  }
  void operator()(const row::Answered& from) const {
    out.mutable_answered()->set_base_offset(from.base.value);
  }
  void operator()(const row::Recognised&) const { out.mutable_recognised(); }
  void operator()(const row::Rejected& from) const {
    out.mutable_rejected()->set_error(kafka::NameOf(from.error));
  }
  void operator()(const row::Overtaken& from) const {
    auto& overtaken = *out.mutable_overtaken();
    overtaken.set_message(Message(from.other));
    overtaken.set_from(from.from.value);
    overtaken.set_to(from.to.value);
  }
  void operator()(const row::BecameLeader& from) const {
    auto& leader = *out.mutable_became_leader();
    leader.set_leader_epoch(from.epoch.value);
    leader.set_log_end(from.log_end.value);
    leader.set_high_watermark(from.high_watermark.value);
  }
  void operator()(const row::Truncated& from) const {
    auto& cut = *out.mutable_truncated();
    *cut.mutable_brokers() = Many(from.brokers);
    cut.set_from(from.from.value);
    cut.set_to(from.to.value);
    cut.set_leader_epoch(from.epoch.value);
    cut.set_restarted(from.restarted);
  }
  void operator()(const row::CacheLost& from) const {
    *out.mutable_cache_lost()->mutable_brokers() = Many(from.brokers);
  }
  void operator()(const row::DiskLost& from) const {
    *out.mutable_disk_lost()->mutable_brokers() = Many(from.brokers);
  }
  void operator()(const row::ShortRecovery& from) const {
    out.mutable_short_recovery()->set_log_end(from.log_end.value);
  }
  void operator()(const row::CameBack& from) const {
    out.mutable_came_back()->set_log_end(from.log_end.value);
  }
  void operator()(const row::Replaced& from) const {
    out.mutable_replaced()->set_message(Message(from.other));
    out.mutable_replaced()->set_offset(from.offset.value);
  }

  // ---- The controller. ----
  RowDetails::Fencing Fenced(const row::Fencing& from) const {
    RowDetails::Fencing fencing;
    *fencing.mutable_broker() = Actor(from.broker);
    fencing.set_reason(static_cast<RowDetails::Fencing::Reason>(from.reason));
    return fencing;
  }
  void operator()(const row::IsrShrank& from) const {
    *out.mutable_isr_shrank()->mutable_left() = Many(from.left);
    *out.mutable_isr_shrank()->mutable_isr() = NodeIdsOf(from.isr);
  }
  void operator()(const row::Elected& from) const {
    auto& elected = *out.mutable_elected();
    if (from.fenced) *elected.mutable_fenced() = Fenced(*from.fenced);
    *elected.mutable_leader() = Actor(from.leader);
    elected.set_how(HowOf(from.how));
    *elected.mutable_isr_before() = NodeIdsOf(from.isr_before);
    *elected.mutable_elr_before() = NodeIdsOf(from.elr_before);
    elected.set_epoch_before(from.epoch_before.value);
    elected.set_epoch(from.epoch.value);
  }
  void operator()(const row::Leaderless& from) const {
    auto& leaderless = *out.mutable_leaderless();
    if (from.fenced) *leaderless.mutable_fenced() = Fenced(*from.fenced);
    *leaderless.mutable_isr() = NodeIdsOf(from.isr);
    *leaderless.mutable_elr() = NodeIdsOf(from.elr);
  }

  // ---- The plan. ----
  void operator()(const row::Fault& from) const {
    auto& fault = *out.mutable_fault();
    *fault.mutable_fault() = StruckFaultOf(its, from.plan);
    fault.set_by_fallback(from.by_fallback);
    *fault.mutable_met() = Many(from.met);
    *fault.mutable_cache_lost() = Many(from.cache_lost);
  }

  // ---- Groups. ----
  void Process(kafka::ConsumerIndex consumer, bool again) const {
    auto& served = *out.mutable_served();
    served.set_group(GroupOf(consumer));
    *served.mutable_consumer() = Actor(consumer);
    served.set_again(again);
  }
  void operator()(const row::Served& from) const { Process(from.consumer, false); }
  void operator()(const row::ServedAgain& from) const { Process(from.consumer, true); }
  void operator()(const row::Passed& from) const {
    if (const auto* commit = std::get_if<row::Passed::ByCommit>(&from.how)) {
      out.mutable_passed()->mutable_by_commit()->set_group(Group(commit->group));
      out.mutable_passed()->mutable_by_commit()->set_offset(commit->offset.value);
      return;
    }
    const auto& from_reset = std::get<row::Passed::ByReset>(from.how);
    auto& reset = *out.mutable_passed()->mutable_by_reset();
    *reset.mutable_consumer() = Actor(from_reset.consumer);
    reset.set_from(from_reset.from.value);
    reset.set_to(from_reset.to.value);
  }
  void operator()(const row::ReaderEnded& from) const {
    *out.mutable_reader_ended()->mutable_consumer() = Actor(from.consumer);
    out.mutable_reader_ended()->set_reason(AnswerOf(from.reason));
  }
};

}  // namespace

answers::ChainRow AnswerOf(const Inquiry& its, const Row& row,
                           const std::vector<kafka::BrokerId>& columns) {
  answers::ChainRow out;
  out.set_at_ns(static_cast<uint64_t>(row.header.time.ns));
  out.set_event(row.header.event.value);
  for (const kafka::BrokerId broker : columns) {
    out.add_copies(static_cast<answers::Copy>(static_cast<int>(row.copies[broker.value])));
  }
  out.set_kind(kafka::explain::NameOf(row.detail));
  out.set_decisive(row.decisive);
  RowDetails& details = *out.mutable_details();
  if ((row.marks & Row::kPromise) != 0) details.add_marks(RowDetails::PROMISE_MADE);
  if ((row.marks & Row::kNoReturn) != 0) details.add_marks(RowDetails::POINT_OF_NO_RETURN);
  if ((row.marks & Row::kErased) != 0) details.add_marks(RowDetails::LAST_BYTES_ERASED);
  if (row.machine.exists()) *details.mutable_actor() = ActorOf(its.setup(), row.machine);
  details.set_times(row.times);
  std::visit(RowFacts{its, details}, row.detail);
  return out;
}

}  // namespace analysis
