// Questions and answers of tools/render/explain_text.h.
#include "tools/render/explain_text.h"
#include "tools/render/trace.h"
#include "tools/render/words.h"

namespace render {
namespace {

using kafka::explain::Inquiry;
using kafka::explain::Why;
using kafka::explain::WhyKind;

std::string OffsetText(const Inquiry& its) { return std::to_string(its.moments.offset.value); }
std::string Since(uint64_t ns) { return ShortTime({static_cast<int64_t>(ns)}); }
std::string At(const Why& why) { return ShortTime(why.at.time); }

std::string NotFetchedText(const Inquiry& its, const Why& why) {
  if (why.a == ~uint64_t{0}) return "Its fetches got no answer before the leader went.";
  return "Its last fetch (" + At(why) + ") ended at " + Number(why.a) + ", before offset " +
         OffsetText(its) + "; it was in the ISR all the same, since it lagged for less than " +
         "replica.lag.time.max.ms.";
}

std::string LostCacheText(const Why& why) {
  std::string text = "It had it in its page cache, dirty since " + Since(why.b) +
                     ", and lost it at " + At(why) + ".";
  if (why.a != 0)
    text += " The kernel would have written it back at " + Since(why.a) + " or later.";
  return text;
}

std::string TruncatedText(const Inquiry& its, const Why& why) {
  return "It had it, and cut its log to " + Number(why.a) + " at " + At(why) + " to match " +
         Name(its.setup(), why.other) + ", the leader of epoch " + Number(why.b) + ".";
}

// What an acknowledgement says of disks.
std::string DiskText(const Inquiry& its) {
  const int64_t every = its.setup().topic_of(its.partition).flush_messages;
  if (every == 1) return "; with flush.messages=1 each log was flushed before it counted";
  if (every == INT64_MAX) return "; no disk is waited for";
  return "; a disk is waited for once in " + std::to_string(every) + " messages (flush.messages)";
}

std::string ToldText(const Inquiry& its, const Why& why) {
  switch (why.kind) {
    case WhyKind::kToldByLeaderAlone:
      return "acks=1 asks for the leader's own append and nothing else: " +
             Name(its.setup(), why.broker) + " answered at " + At(why) + ".";
    case WhyKind::kToldByWatermark:
      return "acks=all waits for the high watermark, which passed it (to " + Number(why.b) +
             ") at " + At(why) + " with ISR " + IsrText(why.set) +
             ", min.insync.replicas=" + Number(why.a) + DiskText(its) + ".";
    case WhyKind::kToldWithoutRule:
      return "acks=all waits for the high watermark, but " + Name(its.setup(), why.broker) +
             " answered at " + At(why) + " although it had not passed the message.";
    default:
      return "acks=0 waits for no answer: handing it to the socket counts as success.";
  }
}

std::string LeadText(const Why& why) {
  switch (why.kind) {
    case WhyKind::kFromIsr:
      return "It was in the ISR " + IsrText(why.set) +
             ": whoever is in sync may lead, with what it has.";
    case WhyKind::kFromElr:
      return "The ISR was empty, and it was an eligible leader replica " + IsrText(why.set) + ".";
    case WhyKind::kLastKnown:
      return "Nobody in ISR or ELR could be elected; the last known leader was back "
             "(KAFKA-15580).";
    case WhyKind::kUnclean:
      return "unclean.leader.election.enable=true: with nobody of the ISR " + IsrText(why.set) +
             " alive, any live replica may lead.";
    case WhyKind::kOutsideIsr:
      return "By no rule: the ISR was " + IsrText(why.set) + ".";
    case WhyKind::kNobodyLeads:
      return "Nobody of ISR and ELR " + IsrText(why.set) + " is up, and nobody else may lead (" +
             At(why) + ").";
    default:
      return "It led already, and no election was needed.";
  }
}

std::string HolderText(const Inquiry& its, const Why& why) {
  if (why.kind == WhyKind::kHolderDown) return "It had a copy, but was down since " + At(why) + ".";
  if (why.kind == WhyKind::kHolderNotChosen && why.a == 1) {
    return "It had a copy and could have been elected " + IsrText(why.set) +
           ", until it registered at " + At(why) +
           " after a crash: the controller took it out, and with nobody left elected " +
           Name(its.setup(), why.other) + " in the same record.";
  }
  if (why.kind == WhyKind::kHolderIneligible && why.set.empty()) {
    return "It had a copy, but was neither in the ISR nor in the ELR: nobody there could be "
           "elected.";
  }
  if (why.kind == WhyKind::kHolderIneligible) {
    return "It had a copy, but was neither in the ISR nor in the ELR: " + IsrText(why.set) +
           " could be elected.";
  }
  const std::string could = "It could have been elected " + IsrText(why.set) + "; ";
  if (!why.set.contains(why.other))
    return could + Name(its.setup(), why.other) + " could not, and was.";
  return could + "the assignment puts " + Name(its.setup(), why.other) + " first.";
}

std::string WatermarkBelowText(const Inquiry& its, const Why& why) {
  const kafka::BrokerSet isr{static_cast<uint16_t>(why.b)};
  const uint64_t needed = why.b >> 32;
  const std::string text = "The high watermark stands at " + Number(why.a) + ": ";
  if (isr.size() < static_cast<int>(needed)) {
    return text + "the ISR " + IsrText(isr) +
           " is smaller than min.insync.replicas=" + Number(needed) +
           ", and below it nothing is committed.";
  }
  if (why.set.empty()) return text + "the ISR is " + IsrText(isr) + ".";
  return text + BrokersText(its.setup(), why.set) + " of the ISR " + IsrText(isr) +
         (why.set.size() > 1 ? " have" : " has") + " no copy.";
}

std::string FailedText(const Inquiry& its, const Why& why) {
  std::string text =
      std::string(kafka::NameOf(static_cast<kafka::Error>(static_cast<uint8_t>(why.a)))) +
      " reached the application at " + At(why);
  if (why.b == 0) return text + ".";
  const auto& producer = its.setup().producers[its.tables()[its.message].producer.value];
  return text + ": delivery.timeout.ms=" +
         std::to_string(producer.settings.delivery_timeout.ns / 1'000'000) +
         " after send() had taken it at " + Since(why.b) + ".";
}

// Of messages that are stored, and were not processed, or twice.
std::string ReadingText(const Inquiry& its, const Why& why) {
  switch (why.kind) {
    case WhyKind::kPositionPassed:
      return "The group's offset " + Number(why.a) + " was committed at " + At(why) +
             ", and it had not been processed: whoever reads on begins behind it.";
    case WhyKind::kPositionReset:
      if (static_cast<int64_t>(why.b) < 0) {
        return "There was no committed offset, and auto.offset.reset put the position at " +
               Number(why.a) + " (" + At(why) + ").";
      }
      return "The position " + Number(why.b) + " was not valid any more, and went to " +
             Number(why.a) + " (" + At(why) + ").";
    case WhyKind::kProcessedAgain:
      return "Its offset had not been committed when the group read on (" + At(why) + ").";
    case WhyKind::kReaderEnded:
      return its.setup().consumers[why.b].name + " was to read it, and had ended at " + At(why) +
             ": " + ConsumerEndText(static_cast<kafka::ConsumerEnd>(why.a)) + ".";
    case WhyKind::kReaderBehind:
      return "The group had not come to its offset when the run ended.";
    case WhyKind::kWatermarkBelow:
      return WatermarkBelowText(its, why);
    default:
      return "The run ended before its outcome was known.";
  }
}

std::string OtherText(const Inquiry& its, const Why& why) {
  switch (why.kind) {
    case WhyKind::kRefusedBelowMinIsr:
      return "The ISR was " + IsrText(why.set) + ", and min.insync.replicas=" + Number(why.a) +
             " asks for more before acks=all is accepted.";
    case WhyKind::kFailedWith:
      return FailedText(its, why);
    case WhyKind::kWaitsForMember:
      return "acks=all waits for every member of the ISR " + IsrText(why.set) + ", and " +
             Name(its.setup(), why.broker) + " was down since " + At(why) +
             " and had not been fenced yet.";
    case WhyKind::kNoCallback:
      return "send() was called without a callback, and nobody looked at its future.";
    case WhyKind::kProducerGone:
      return "The message was still in the producer's memory when its process ended.";
    case WhyKind::kAnswerLost:
      return "Its attempt ended with " +
             std::string(kafka::NameOf(static_cast<kafka::Error>(static_cast<uint8_t>(why.a)))) +
             " at " + At(why) + ", so the producer could not know that it was stored.";
    case WhyKind::kIdempotenceOff:
      return "enable.idempotence=false: a batch has no sequence number by which a broker could "
             "know it again.";
    case WhyKind::kNewEpoch:
      return "The producer took a new epoch at " + At(why) +
             " and numbered the batch anew: it is another one to the broker.";
    case WhyKind::kUnknownToLeader:
      return Name(its.setup(), why.broker) + " had no trace of the first one when the second came.";
    case WhyKind::kManyInFlight:
      return "max.in.flight.requests.per.connection=" + Number(why.a) +
             ": a later batch was on its way when this one failed.";
    case WhyKind::kPlantedBug:
      return "A planted bug: " + MutantText(static_cast<kafka::Mutant>(why.a)) + ".";
    default:
      return ReadingText(its, why);
  }
}

const char* ReadingQuestion(WhyKind kind) {
  switch (kind) {
    case WhyKind::kWatermarkBelow:
      return "Why can nobody read it?";
    case WhyKind::kPositionPassed:
    case WhyKind::kPositionReset:
      return "Why was it skipped?";
    case WhyKind::kWaitsForMember:
      return "Why was it not acknowledged?";
    case WhyKind::kProcessedAgain:
      return "Why was it processed again?";
    case WhyKind::kReaderEnded:
    case WhyKind::kReaderBehind:
      return "Why did nobody process it?";
    default:
      return "Why is its fate open?";
  }
}

}  // namespace

std::string QuestionText(const Inquiry& its, const Why& why) {
  const std::string broker = Name(its.setup(), why.broker);
  switch (why.kind) {
    case WhyKind::kNotFetchedYet:
    case WhyKind::kAnswerUnread:
    case WhyKind::kWasDown:
    case WhyKind::kWasCutOff:
    case WhyKind::kNotInSync:
      if (!its.WasLost()) return "Why did nobody answer?";
      return "Why was there no copy on " + broker + "?";
    case WhyKind::kLostCache:
    case WhyKind::kTruncatedIt:
    case WhyKind::kRecoveredShort:
      return "Why has " + broker + " no copy any more?";
    case WhyKind::kFromIsr:
    case WhyKind::kFromElr:
    case WhyKind::kLastKnown:
    case WhyKind::kUnclean:
    case WhyKind::kOutsideIsr:
    case WhyKind::kStillLeads:
      return "Why was " + broker + " allowed to lead?";
    case WhyKind::kNobodyLeads:
      return "Why does nobody lead?";
    case WhyKind::kHolderIneligible:
    case WhyKind::kHolderDown:
    case WhyKind::kHolderNotChosen:
      return "Why not " + broker + "?";
    case WhyKind::kToldByLeaderAlone:
    case WhyKind::kToldByWatermark:
    case WhyKind::kToldWithoutRule:
    case WhyKind::kToldAtSending:
      return "Why was the producer told yes?";
    case WhyKind::kPlantedBug:
      return "Which rule did not fire?";
    case WhyKind::kIdempotenceOff:
    case WhyKind::kNewEpoch:
    case WhyKind::kUnknownToLeader:
      return "Why was it not recognised?";
    case WhyKind::kAnswerLost:
      return its.fate == kafka::ledger::Fate::kGhost ? "Why was it not told that it is stored?"
                                                     : "Why was it sent again?";
    case WhyKind::kManyInFlight:
      return "Why could a later message overtake it?";
    case WhyKind::kRefusedBelowMinIsr:
      return "Why did " + broker + " refuse it?";
    case WhyKind::kFailedWith:
      return "What did the application learn?";
    case WhyKind::kNoCallback:
      return "Why did the application not notice?";
    case WhyKind::kProducerGone:
      return "Why did it reach no broker?";
    default:
      return ReadingQuestion(why.kind);
  }
}

std::string AnswerText(const Inquiry& its, const Why& why) {
  switch (why.kind) {
    case WhyKind::kNotFetchedYet:
      return NotFetchedText(its, why);
    case WhyKind::kAnswerUnread:
      return "The answer that carried it went out at " + At(why) + " and was not read in time.";
    case WhyKind::kWasDown:
      return Name(its.setup(), why.broker) + " was down since " + At(why) + ".";
    case WhyKind::kWasCutOff:
      return "It was kept away by the " + FaultText(its, static_cast<uint16_t>(why.a)) +
             ", since " + At(why) + ".";
    case WhyKind::kNotInSync:
      return "It had left the ISR" + (why.at.event.exists() ? " at " + At(why) : std::string()) +
             " and had not caught up.";
    case WhyKind::kLostCache:
      return LostCacheText(why);
    case WhyKind::kTruncatedIt:
      return TruncatedText(its, why);
    case WhyKind::kRecoveredShort:
      return "Its process came back at " + At(why) + " with less than its file had held.";
    case WhyKind::kFromIsr:
    case WhyKind::kFromElr:
    case WhyKind::kLastKnown:
    case WhyKind::kUnclean:
    case WhyKind::kOutsideIsr:
    case WhyKind::kStillLeads:
    case WhyKind::kNobodyLeads:
      return LeadText(why);
    case WhyKind::kHolderIneligible:
    case WhyKind::kHolderDown:
    case WhyKind::kHolderNotChosen:
      return HolderText(its, why);
    case WhyKind::kToldByLeaderAlone:
    case WhyKind::kToldByWatermark:
    case WhyKind::kToldWithoutRule:
    case WhyKind::kToldAtSending:
      return ToldText(its, why);
    default:
      return OtherText(its, why);
  }
}

}  // namespace render
