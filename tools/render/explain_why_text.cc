// Questions and answers of tools/render/explain_text.h.
#include "tools/render/explain_text.h"
#include "tools/render/words.h"

namespace render {
namespace {

using answers::WhyDetails;

// ---- Why was there no copy, or is none any more? ----

std::string LastFetchText(const WhyDetails::NoCopy::LastFetch& fetch, const std::string& at) {
  if (fetch.end() < 0) return "Its fetches got no answer before the leader went.";
  return "Its last fetch (" + at + ") ended at " + Number(fetch.end()) + ", before offset " +
         Number(fetch.offset()) + "; it was in the ISR all the same, since it lagged for less " +
         "than replica.lag.time.max.ms.";
}

std::string NoCopyText(const WhyDetails::NoCopy& why, const std::string& at) {
  switch (why.answer_case()) {
    case WhyDetails::NoCopy::kLastFetch:
      return LastFetchText(why.last_fetch(), at);
    case WhyDetails::NoCopy::kAnswerUnread:
      return "The answer that carried it went out at " + at + " and was not read in time.";
    case WhyDetails::NoCopy::kWasDown:
      return NameOf(why.broker()) + " was down since " + at + ".";
    case WhyDetails::NoCopy::kCutOffBy:
      return "It was kept away by the " + FaultText(why.cut_off_by()) + ", since " + at + ".";
    case WhyDetails::NoCopy::kNotInSync:
      return "It had left the ISR" + (why.not_in_sync().left_in_run() ? " at " + at : "") +
             " and had not caught up.";
    case WhyDetails::NoCopy::ANSWER_NOT_SET:
      break;
  }
  return "";
}

std::string CacheLostText(const WhyDetails::CopyGone::CacheLost& lost, const std::string& at) {
  const std::string text = "It had it in its page cache, dirty since " +
                           ShortTime(lost.dirty_since_ns()) + ", and lost it at " + at + ".";
  if (lost.written_back_from_ns() == 0) return text;
  return text + " The kernel would have written it back at " +
         ShortTime(lost.written_back_from_ns()) + " or later.";
}

std::string CopyGoneText(const WhyDetails::CopyGone& why, const std::string& at) {
  switch (why.answer_case()) {
    case WhyDetails::CopyGone::kCacheLost:
      return CacheLostText(why.cache_lost(), at);
    case WhyDetails::CopyGone::kTruncated:
      return "It had it, and cut its log to " + Number(why.truncated().end()) + " at " + at +
             " to match " + NameOf(why.truncated().leader()) + ", the leader of epoch " +
             Number(why.truncated().leader_epoch()) + ".";
    case WhyDetails::CopyGone::kDiskLost:
      return "It had it, and its disk was replaced by an empty one at " + at + ".";
    case WhyDetails::CopyGone::kRecoveredShort:
      return "Its process came back at " + at + " with less than its file had held.";
    case WhyDetails::CopyGone::ANSWER_NOT_SET:
      break;
  }
  return "";
}

// ---- Who led, and who did not. ----

std::string LedText(const WhyDetails::Led& why) {
  const std::string isr = SetText(why.isr());
  const std::string texts[] = {
      "By no rule: the ISR was " + isr + ".",
      "It was in the ISR " + isr + ": whoever is in sync may lead, with what it has.",
      "The ISR was empty, and it was an eligible leader replica " + SetText(why.elr()) + ".",
      "Nobody in ISR or ELR could be elected; the last known leader was back (KAFKA-15580).",
      "unclean.leader.election.enable=true: with nobody of the ISR " + isr +
          " alive, any live replica may lead.",
      "It led already, and no election was needed.",
      "An operator asked for an unclean election: with nobody of the ISR " + isr +
          " alive, any live replica may lead."};
  static_assert(std::size(texts) == WhyDetails::Led::Rule_ARRAYSIZE);
  return texts[why.rule()];
}

std::string IneligibleText(const WhyDetails::NotElected::Ineligible& why) {
  const std::string who = why.electable().empty() ? "nobody there" : SetText(why.electable());
  return "It had a copy, but was neither in the ISR nor in the ELR: " + who + " could be elected.";
}

std::string NotChosenText(const WhyDetails::NotElected::Other& why) {
  const std::string could = "It could have been elected " + SetText(why.eligible()) + "; ";
  const std::string chosen = NameOf(why.chosen());
  if (!Contains(why.eligible(), why.chosen())) return could + chosen + " could not, and was.";
  return could + "the assignment puts " + chosen + " first.";
}

std::string TakenOutText(const WhyDetails::NotElected::Other& why, const std::string& at) {
  return "It had a copy and could have been elected " + SetText(why.eligible()) +
         ", until it registered at " + at +
         " after a crash: the controller took it out, and with nobody left elected " +
         NameOf(why.chosen()) + " in the same record.";
}

std::string NotElectedText(const WhyDetails::NotElected& why, const std::string& at) {
  switch (why.answer_case()) {
    case WhyDetails::NotElected::kIneligible:
      return IneligibleText(why.ineligible());
    case WhyDetails::NotElected::kWasDown:
      return "It had a copy, but was down since " + at + ".";
    case WhyDetails::NotElected::kNotChosen:
      return NotChosenText(why.not_chosen());
    case WhyDetails::NotElected::kTakenOut:
      return TakenOutText(why.taken_out(), at);
    case WhyDetails::NotElected::ANSWER_NOT_SET:
      break;
  }
  return "";
}

// ---- What the producer was told. ----

// What an acknowledgement says of disks.
std::string DiskText(int64_t flush_messages) {
  if (flush_messages == 1) return "; with flush.messages=1 each log was flushed before it counted";
  if (flush_messages == INT64_MAX) return "; no disk is waited for";
  return "; a disk is waited for once in " + Number(flush_messages) + " messages (flush.messages)";
}

std::string WatermarkText(const WhyDetails::ToldYes::Watermark& why, const std::string& at) {
  return "acks=all waits for the high watermark, which passed it (to " +
         Number(why.high_watermark()) + ") at " + at + " with ISR " + SetText(why.isr()) +
         ", min.insync.replicas=" + Number(why.min_isr()) + DiskText(why.flush_messages()) + ".";
}

std::string ToldYesText(const WhyDetails::ToldYes& why, const std::string& at) {
  switch (why.answer_case()) {
    case WhyDetails::ToldYes::kLeaderAlone:
      return "acks=1 asks for the leader's own append and nothing else: " +
             NameOf(why.leader_alone()) + " answered at " + at + ".";
    case WhyDetails::ToldYes::kWatermark:
      return WatermarkText(why.watermark(), at);
    case WhyDetails::ToldYes::kWithoutRule:
      return "acks=all waits for the high watermark, but " + NameOf(why.without_rule()) +
             " answered at " + at + " although it had not passed the message.";
    case WhyDetails::ToldYes::kAtSending:
      return "acks=0 waits for no answer: handing it to the socket counts as success.";
    case WhyDetails::ToldYes::ANSWER_NOT_SET:
      break;
  }
  return "";
}

std::string FailedText(const WhyDetails::FailedWith& why, const std::string& at) {
  const std::string text = why.error() + " reached the application at " + at;
  if (!why.has_too_old()) return text + ".";
  return text + ": delivery.timeout.ms=" + Number(why.too_old().delivery_timeout_ns() / 1'000'000) +
         " after send() had taken it at " + ShortTime(why.too_old().taken_ns()) + ".";
}

std::string NotRecognisedText(const WhyDetails::NotRecognised& why, const std::string& at) {
  switch (why.answer_case()) {
    case WhyDetails::NotRecognised::kIdempotenceOff:
      return "enable.idempotence=false: a batch has no sequence number by which a broker could "
             "know it again.";
    case WhyDetails::NotRecognised::kNewEpoch:
      return "The producer took a new epoch at " + at +
             " and numbered the batch anew: it is another one to the broker.";
    case WhyDetails::NotRecognised::kUnknownTo:
      return NameOf(why.unknown_to()) + " had no trace of the first one when the second came.";
    case WhyDetails::NotRecognised::ANSWER_NOT_SET:
      break;
  }
  return "";
}

// ---- What is stored, and was not processed, or twice. ----

std::string WatermarkBelowText(const WhyDetails::WatermarkBelow& why) {
  const std::string text = "The high watermark stands at " + Number(why.high_watermark()) + ": ";
  const std::string isr = SetText(why.isr());
  if (why.isr_size() < why.min_isr()) {
    return text + "the ISR " + isr +
           " is smaller than min.insync.replicas=" + Number(why.min_isr()) +
           ", and below it nothing is committed.";
  }
  if (why.lacking().empty()) return text + "the ISR is " + isr + ".";
  return text + NamesOf(why.lacking()) + " of the ISR " + isr +
         (why.lacking_size() > 1 ? " have" : " has") + " no copy.";
}

std::string SkippedText(const WhyDetails::Skipped& why, const std::string& at) {
  if (why.has_by_commit()) {
    return "The group's offset " + Number(why.by_commit().offset()) + " was committed at " + at +
           ", and it had not been processed: whoever reads on begins behind it.";
  }
  const WhyDetails::Skipped::Reset& reset = why.by_reset();
  if (reset.from() < 0) {
    return "There was no committed offset, and auto.offset.reset put the position at " +
           Number(reset.to()) + " (" + at + ").";
  }
  return "The position " + Number(reset.from()) + " was not valid any more, and went to " +
         Number(reset.to()) + " (" + at + ").";
}

std::string NotProcessedText(const WhyDetails::NotProcessed& why, const std::string& at) {
  if (!why.has_reader_ended()) {
    return "The group had not come to its offset when the run ended.";
  }
  return NameOf(why.reader_ended().consumer()) + " was to read it, and had ended at " + at + ": " +
         ReaderEndText(why.reader_ended().reason()) + ".";
}

}  // namespace

std::string QuestionText(const WhyDetails& why) {
  switch (why.question_case()) {
    case WhyDetails::kNoCopy:
      return "Why was there no copy on " + NameOf(why.no_copy().broker()) + "?";
    case WhyDetails::kCopyGone:
      return "Why has " + NameOf(why.copy_gone().broker()) + " no copy any more?";
    case WhyDetails::kLed:
      return "Why was " + NameOf(why.led().broker()) + " allowed to lead?";
    case WhyDetails::kNobodyLeads:
      return "Why does nobody lead?";
    case WhyDetails::kNotElected:
      return "Why not " + NameOf(why.not_elected().broker()) + "?";
    case WhyDetails::kToldYes:
      return "Why was the producer told yes?";
    case WhyDetails::kPlantedBug:
      return "Which rule did not fire?";
    case WhyDetails::kLeaderDown:
      return "Why did nobody answer?";
    case WhyDetails::kRefused:
      return "Why did " + NameOf(why.refused().broker()) + " refuse it?";
    case WhyDetails::kFailedWith:
      return "What did the application learn?";
    case WhyDetails::kWaitsFor:
      return "Why was it not acknowledged?";
    case WhyDetails::kNoCallback:
      return "Why did the application not notice?";
    case WhyDetails::kProducerGone:
      return "Why did it reach no broker?";
    case WhyDetails::kAnswerLost:
      return why.answer_lost().gave_up() ? "Why was it not told that it is stored?"
                                         : "Why was it sent again?";
    case WhyDetails::kNotRecognised:
      return "Why was it not recognised?";
    case WhyDetails::kManyInFlight:
      return "Why could a later message overtake it?";
    case WhyDetails::kWatermarkBelow:
      return "Why can nobody read it?";
    case WhyDetails::kSkipped:
      return "Why was it skipped?";
    case WhyDetails::kNotCommitted:
      return "Why was it processed again?";
    case WhyDetails::kNotProcessed:
      return "Why did nobody process it?";
    case WhyDetails::kStillWaiting:
      return "Why is its fate open?";
    case WhyDetails::QUESTION_NOT_SET:
      break;
  }
  return "";
}

std::string AnswerText(const WhyDetails& why, uint64_t at_ns) {
  const std::string at = ShortTime(at_ns);
  switch (why.question_case()) {
    case WhyDetails::kNoCopy:
      return NoCopyText(why.no_copy(), at);
    case WhyDetails::kCopyGone:
      return CopyGoneText(why.copy_gone(), at);
    case WhyDetails::kLed:
      return LedText(why.led());
    case WhyDetails::kNobodyLeads:
      return "Nobody of ISR and ELR " + SetText(why.nobody_leads().eligible()) +
             " is up, and nobody else may lead (" + at + ").";
    case WhyDetails::kNotElected:
      return NotElectedText(why.not_elected(), at);
    case WhyDetails::kToldYes:
      return ToldYesText(why.told_yes(), at);
    case WhyDetails::kPlantedBug:
      return "A planted bug: " + BugText(why.planted_bug().bug()) + ".";
    case WhyDetails::kLeaderDown:
      return NameOf(why.leader_down().broker()) + " was down since " + at + ".";
    case WhyDetails::kRefused:
      return "The ISR was " + SetText(why.refused().isr()) +
             ", and min.insync.replicas=" + Number(why.refused().min_isr()) +
             " asks for more before acks=all is accepted.";
    case WhyDetails::kFailedWith:
      return FailedText(why.failed_with(), at);
    case WhyDetails::kWaitsFor:
      return "acks=all waits for every member of the ISR " + SetText(why.waits_for().isr()) +
             ", and " + NameOf(why.waits_for().broker()) + " was down since " + at +
             " and had not been fenced yet.";
    case WhyDetails::kNoCallback:
      return "send() was called without a callback, and nobody looked at its future.";
    case WhyDetails::kProducerGone:
      return "The message was still in the producer's memory when its process ended.";
    case WhyDetails::kAnswerLost:
      return "Its attempt ended with " + why.answer_lost().error() + " at " + at +
             ", so the producer could not know that it was stored.";
    case WhyDetails::kNotRecognised:
      return NotRecognisedText(why.not_recognised(), at);
    case WhyDetails::kManyInFlight:
      return "max.in.flight.requests.per.connection=" +
             Number(why.many_in_flight().max_in_flight()) +
             ": a later batch was on its way when this one failed.";
    case WhyDetails::kWatermarkBelow:
      return WatermarkBelowText(why.watermark_below());
    case WhyDetails::kSkipped:
      return SkippedText(why.skipped(), at);
    case WhyDetails::kNotCommitted:
      return "Its offset had not been committed when the group read on (" + at + ").";
    case WhyDetails::kNotProcessed:
      return NotProcessedText(why.not_processed(), at);
    case WhyDetails::kStillWaiting:
      return "The run ended before its outcome was known.";
    case WhyDetails::QUESTION_NOT_SET:
      break;
  }
  return "";
}

}  // namespace render
