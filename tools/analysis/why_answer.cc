// Whys as facts of an answer: the rest of tools/analysis/chain_answer.h.
#include "tools/analysis/actors.h"
#include "tools/analysis/chain_answer.h"

namespace analysis {
namespace {

namespace why = kafka::explain::why;
using answers::WhyDetails;
using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::explain::Inquiry;

// Fills the question of one why, and its answer.
struct WhyFacts {
  const Inquiry& its;
  const sim::NoteHeader& at;
  WhyDetails& out;

  answers::Actor Actor(BrokerId broker) const { return ActorOf(its.setup(), broker); }

  // ---- Why was there no copy on `broker`? ----
  WhyDetails::NoCopy& NoCopy(BrokerId broker) const {
    *out.mutable_no_copy()->mutable_broker() = Actor(broker);
    return *out.mutable_no_copy();
  }
  void operator()(const why::NotFetchedYet& from) const {
    auto& fetch = *NoCopy(from.broker).mutable_last_fetch();
    fetch.set_end(from.end.value);
    fetch.set_offset(from.offset.value);
  }
  void operator()(const why::AnswerUnread& from) const {
    NoCopy(from.broker).mutable_answer_unread();
  }
  void operator()(const why::WasDown& from) const { NoCopy(from.broker).mutable_was_down(); }
  void operator()(const why::WasCutOff& from) const {
    *NoCopy(from.broker).mutable_cut_off_by() = StruckFaultOf(its, from.fault);
  }
  void operator()(const why::NotInSync& from) const {
    NoCopy(from.broker).mutable_not_in_sync()->set_left_in_run(at.event.exists());
  }

  // ---- Why has `broker` no copy any more? ----
  WhyDetails::CopyGone& CopyGone(BrokerId broker) const {
    *out.mutable_copy_gone()->mutable_broker() = Actor(broker);
    return *out.mutable_copy_gone();
  }
  void operator()(const why::LostCache& from) const {
    auto& lost = *CopyGone(from.broker).mutable_cache_lost();
    lost.set_dirty_since_ns(static_cast<uint64_t>(from.dirty_since.ns));
    lost.set_written_back_from_ns(static_cast<uint64_t>(from.written_back_from.ns));
  }
  void operator()(const why::TruncatedIt& from) const {
    auto& cut = *CopyGone(from.broker).mutable_truncated();
    cut.set_end(from.end.value);
    *cut.mutable_leader() = Actor(from.leader);
    cut.set_leader_epoch(from.epoch.value);
  }
  void operator()(const why::DiskLost& from) const { CopyGone(from.broker).mutable_disk_lost(); }
  void operator()(const why::RecoveredShort& from) const {
    CopyGone(from.broker).mutable_recovered_short();
  }

  // ---- Why did `broker` lead? ----
  WhyDetails::Led& Led(BrokerId broker, WhyDetails::Led::Rule rule) const {
    *out.mutable_led()->mutable_broker() = Actor(broker);
    out.mutable_led()->set_rule(rule);
    return *out.mutable_led();
  }
  void operator()(const why::FromIsr& from) const {
    *Led(from.broker, WhyDetails::Led::FROM_ISR).mutable_isr() = NodeIdsOf(from.isr);
  }
  void operator()(const why::FromElr& from) const {
    *Led(from.broker, WhyDetails::Led::FROM_ELR).mutable_elr() = NodeIdsOf(from.elr);
  }
  void operator()(const why::LastKnown& from) const {
    Led(from.broker, WhyDetails::Led::LAST_KNOWN_LEADER);
  }
  void operator()(const why::Unclean& from) const {
    const auto rule = from.by_hand ? WhyDetails::Led::UNCLEAN_BY_HAND : WhyDetails::Led::UNCLEAN;
    *Led(from.broker, rule).mutable_isr() = NodeIdsOf(from.isr);
  }
  void operator()(const why::OutsideIsr& from) const {
    *Led(from.broker, WhyDetails::Led::BY_NO_RULE).mutable_isr() = NodeIdsOf(from.isr);
  }
  void operator()(const why::StillLeads& from) const {
    Led(from.broker, WhyDetails::Led::LED_ALREADY);
  }
  void operator()(const why::NobodyLeads& from) const {
    *out.mutable_nobody_leads()->mutable_eligible() = NodeIdsOf(from.eligible);
  }

  // ---- Why not `broker`, which had a copy? ----
  WhyDetails::NotElected& NotElected(BrokerId broker) const {
    *out.mutable_not_elected()->mutable_broker() = Actor(broker);
    return *out.mutable_not_elected();
  }
  WhyDetails::NotElected::Other Other(BrokerId chosen, BrokerSet eligible) const {
    WhyDetails::NotElected::Other other;
    *other.mutable_chosen() = Actor(chosen);
    *other.mutable_eligible() = NodeIdsOf(eligible);
    return other;
  }
  void operator()(const why::HolderIneligible& from) const {
    *NotElected(from.broker).mutable_ineligible()->mutable_electable() = NodeIdsOf(from.electable);
  }
  void operator()(const why::HolderDown& from) const { NotElected(from.broker).mutable_was_down(); }
  void operator()(const why::HolderNotChosen& from) const {
    *NotElected(from.broker).mutable_not_chosen() = Other(from.chosen, from.eligible);
  }
  void operator()(const why::HolderTakenOut& from) const {
    *NotElected(from.broker).mutable_taken_out() = Other(from.chosen, from.eligible);
  }

  // ---- Why was the producer told yes? ----
  void operator()(const why::ToldByLeaderAlone& from) const {
    *out.mutable_told_yes()->mutable_leader_alone() = Actor(from.broker);
  }
  void operator()(const why::ToldByWatermark& from) const {
    auto& watermark = *out.mutable_told_yes()->mutable_watermark();
    *watermark.mutable_isr() = NodeIdsOf(from.isr);
    watermark.set_min_isr(from.min_isr);
    watermark.set_high_watermark(from.high_watermark.value);
    watermark.set_flush_messages(from.flush_messages);
  }
  void operator()(const why::ToldWithoutRule& from) const {
    *out.mutable_told_yes()->mutable_without_rule() = Actor(from.broker);
  }
  void operator()(const why::ToldAtSending&) const { out.mutable_told_yes()->mutable_at_sending(); }
  void operator()(const why::PlantedBug& from) const {
    out.mutable_planted_bug()->set_bug(AnswerOf(from.mutant));
  }

  // ---- Why did it fail? ----
  void operator()(const why::LeaderWasDown& from) const {
    *out.mutable_leader_down()->mutable_broker() = Actor(from.broker);
  }
  void operator()(const why::RefusedBelowMinIsr& from) const {
    auto& refused = *out.mutable_refused();
    *refused.mutable_broker() = Actor(from.broker);
    *refused.mutable_isr() = NodeIdsOf(from.isr);
    refused.set_min_isr(from.min_isr);
  }
  void operator()(const why::FailedWith& from) const {
    out.mutable_failed_with()->set_error(kafka::NameOf(from.error));
    if (!from.too_old) return;
    auto& too_old = *out.mutable_failed_with()->mutable_too_old();
    too_old.set_taken_ns(static_cast<uint64_t>(from.too_old->taken.ns));
    too_old.set_delivery_timeout_ns(static_cast<uint64_t>(from.too_old->delivery_timeout.ns));
  }
  void operator()(const why::WaitsForMember& from) const {
    *out.mutable_waits_for()->mutable_broker() = Actor(from.broker);
    *out.mutable_waits_for()->mutable_isr() = NodeIdsOf(from.isr);
  }
  void operator()(const why::NoCallback&) const { out.mutable_no_callback(); }
  void operator()(const why::ProducerGone&) const { out.mutable_producer_gone(); }

  // ---- Why was it sent again, and not recognised? ----
  void operator()(const why::AnswerLost& from) const {
    out.mutable_answer_lost()->set_error(kafka::NameOf(from.error));
    out.mutable_answer_lost()->set_gave_up(from.gave_up);
  }
  void operator()(const why::IdempotenceOff&) const {
    out.mutable_not_recognised()->mutable_idempotence_off();
  }
  void operator()(const why::NewEpoch&) const { out.mutable_not_recognised()->mutable_new_epoch(); }
  void operator()(const why::UnknownToLeader& from) const {
    *out.mutable_not_recognised()->mutable_unknown_to() = Actor(from.broker);
  }
  void operator()(const why::ManyInFlight& from) const {
    out.mutable_many_in_flight()->set_max_in_flight(from.max_in_flight);
  }

  // ---- Why was it not read, or twice? ----
  void operator()(const why::WatermarkBelow& from) const {
    auto& below = *out.mutable_watermark_below();
    below.set_high_watermark(from.high_watermark.value);
    *below.mutable_isr() = NodeIdsOf(from.isr);
    *below.mutable_lacking() = ActorsOf(its.setup(), from.lacking);
    below.set_min_isr(from.min_isr);
  }
  void operator()(const why::PositionPassed& from) const {
    out.mutable_skipped()->mutable_by_commit()->set_offset(from.committed.value);
  }
  void operator()(const why::PositionReset& from) const {
    out.mutable_skipped()->mutable_by_reset()->set_from(from.from.value);
    out.mutable_skipped()->mutable_by_reset()->set_to(from.to.value);
  }
  void operator()(const why::ProcessedAgain&) const { out.mutable_not_committed(); }
  void operator()(const why::ReaderEnded& from) const {
    auto& ended = *out.mutable_not_processed()->mutable_reader_ended();
    *ended.mutable_consumer() = ActorOf(its.setup(), from.consumer);
    ended.set_reason(AnswerOf(from.reason));
  }
  void operator()(const why::ReaderBehind&) const {
    out.mutable_not_processed()->mutable_reader_behind();
  }
  void operator()(const why::StillWaiting&) const { out.mutable_still_waiting(); }
};

}  // namespace

answers::Why AnswerOf(const Inquiry& its, const kafka::explain::Why& why) {
  answers::Why out;
  if (why.at.event.exists()) out.set_at_ns(static_cast<uint64_t>(why.at.time.ns));
  std::visit(WhyFacts{its, why.at, *out.mutable_details()}, why.detail);
  return out;
}

}  // namespace analysis
