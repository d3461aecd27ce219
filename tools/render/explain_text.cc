#include "tools/render/explain_text.h"

#include "tools/render/words.h"

namespace render {
namespace {

using answers::RowDetails;

// "offset 29", "offsets 29 to 31": [from, to).
std::string OffsetsText(int64_t from, int64_t to) {
  if (to == from + 1) return "offset " + Number(from);
  return "offsets " + Number(from) + " to " + Number(to - 1);
}

std::string TimesText(const RowDetails& row) {
  return row.times() < 2 ? "" : " (" + Number(row.times()) + " times)";
}

// ---- Producers. ----

std::string SentText(const RowDetails::Sent& sent) {
  const std::string batch =
      sent.first() == sent.last() ? sent.first() : sent.first() + " to " + sent.last();
  return "sends batch " + batch + " to " + NameOf(sent.to());
}

std::string RetriedText(const RowDetails& row) {
  return "attempt " + Number(row.retried().attempt()) + " ends with " + row.retried().error() +
         "; queued again" + TimesText(row);
}

std::string ToldText(const RowDetails::Told& told) {
  if (told.acks() == 0) return "is told that it was sent; acks=0 waits for no answer";
  return "gets the answer: the application believes that it is stored";
}

std::string SubmittedText(const RowDetails::Submitted& submitted) {
  return "send() takes it, " + AcksText(submitted.acks()) + "; it waits in the accumulator";
}

std::string SentAgainText(const RowDetails::SentAgain& sent) {
  return "sends it again to " + NameOf(sent.to()) + ", attempt " + Number(sent.attempt());
}

std::string DisconnectedText(const RowDetails::Disconnected& ended) {
  return "its connection to " + NameOf(ended.peer()) + (ended.reset() ? " is reset" : " is closed");
}

// ---- Brokers. ----

std::string ReplacedText(const RowDetails::Replaced& replaced) {
  return "appends " + replaced.message() + " at offset " + Number(replaced.offset());
}

std::string LastFetchText(const RowDetails::LastFetch& fetch) {
  const std::string follower = NameOf(fetch.follower());
  if (!fetch.answered()) {
    return "gets " + follower + "'s last fetch, from " + Number(fetch.offset());
  }
  return "answers " + follower + "'s last fetch; it ends at " + Number(fetch.offset());
}

std::string AppendedText(const RowDetails::Appended& append) {
  return std::string(append.again() ? "appends it again" : "appends") + " at " +
         OffsetsText(append.from(), append.to()) + ", epoch " + Number(append.leader_epoch()) +
         " (page cache); HW is " + Number(append.high_watermark());
}

std::string CopiedText(const RowDetails::Copied& copied) {
  if (copied.followers_size() > 1) return NamesOf(copied.followers()) + " copy it (page cache)";
  return "copies it (page cache)";
}

std::string CommittedText(const RowDetails::Committed& committed) {
  return "HW " + Number(committed.from()) + " -> " + Number(committed.to()) + ", ISR " +
         SetText(committed.isr()) + ": committed";
}

std::string OvertakenText(const RowDetails::Overtaken& overtaken) {
  return "appends the later " + overtaken.message() + " at " +
         OffsetsText(overtaken.from(), overtaken.to());
}

std::string BecameLeaderText(const RowDetails::BecameLeader& leader) {
  return "leads, epoch " + Number(leader.leader_epoch()) + "; its log ends at " +
         Number(leader.log_end()) + ", HW is " + Number(leader.high_watermark());
}

std::string TruncatedText(const RowDetails::Truncated& cut) {
  const std::string restarts = cut.restarted() ? "restarts, and " : "";
  const std::string verb =
      cut.brokers_size() > 1 ? NamesOf(cut.brokers()) + " truncate" : "truncates";
  return restarts + verb + " from " + Number(cut.from()) + " to " + Number(cut.to()) +
         " to match epoch " + Number(cut.leader_epoch());
}

std::string CacheLostText(const RowDetails::CacheLost& lost) {
  const std::string whose = lost.brokers_size() > 1 ? " (" + NamesOf(lost.brokers()) + ")" : "";
  return "its unsynced page cache is gone" + whose;
}

std::string DiskLostText(const RowDetails::DiskLost& lost) {
  const std::string whose = lost.brokers_size() > 1 ? " (" + NamesOf(lost.brokers()) + ")" : "";
  return "its disk is replaced by an empty one" + whose;
}

std::string RecoveredText(const RowDetails& row) {
  const std::string recovers = "recovers its log up to ";
  if (row.has_short_recovery()) return recovers + Number(row.short_recovery().log_end()) + " only";
  return recovers + Number(row.came_back().log_end()) +
         ": a copy that had been lost is there again";
}

std::string CopyText(const RowDetails& row) {
  if (row.has_short_recovery() || row.has_came_back()) return RecoveredText(row);
  if (row.has_truncated()) return TruncatedText(row.truncated());
  return row.has_disk_lost() ? DiskLostText(row.disk_lost()) : CacheLostText(row.cache_lost());
}

// ---- The controller. ----

std::string FencedText(const RowDetails::Fencing& fencing) {
  static constexpr const char* kReasons[] = {" (it registered anew), ", " (session expired), ",
                                             " (it stops), "};
  static_assert(std::size(kReasons) == RowDetails::Fencing::Reason_ARRAYSIZE);
  return "fences " + NameOf(fencing.broker()) + kReasons[fencing.reason()];
}

std::string IsrShrankText(const RowDetails::IsrShrank& shrank) {
  return NamesOf(shrank.left()) + (shrank.left_size() > 1 ? " leave" : " leaves") +
         " the ISR, now " + SetText(shrank.isr());
}

std::string ElectedText(const RowDetails::Elected& elected) {
  static constexpr const char* kHow[] = {" ",
                                         " from the ISR ",
                                         " from the ELR ",
                                         " as the last known leader (unclean), ISR was ",
                                         " uncleanly, ISR was ",
                                         " uncleanly, as an operator asked, ISR was "};
  static_assert(std::size(kHow) == RowDetails::Elected::How_ARRAYSIZE);
  const bool eligible = Contains(elected.isr_before(), elected.leader()) ||
                        Contains(elected.elr_before(), elected.leader());
  const bool clean = elected.how() != RowDetails::Elected::LAST_KNOWN_LEADER &&
                     elected.how() != RowDetails::Elected::UNCLEAN &&
                     elected.how() != RowDetails::Elected::UNCLEAN_BY_HAND;
  const bool outsider = clean && !eligible;
  const bool from_elr = elected.how() == RowDetails::Elected::FROM_ELR && !outsider;
  return (elected.has_fenced() ? FencedText(elected.fenced()) : "") + "elects " +
         NameOf(elected.leader()) + (outsider ? " from outside the ISR " : kHow[elected.how()]) +
         SetText(from_elr ? elected.elr_before() : elected.isr_before()) + ", epoch " +
         Number(elected.epoch_before()) + " -> " + Number(elected.epoch());
}

std::string LeaderlessText(const RowDetails::Leaderless& leaderless) {
  return (leaderless.has_fenced() ? FencedText(leaderless.fenced()) : "") +
         "finds nobody to elect: ISR " + SetText(leaderless.isr()) + ", ELR " +
         SetText(leaderless.elr());
}

// ---- The plan, and groups. ----

std::string ServedText(const RowDetails::Served& served) {
  return "group " + served.group() + " processes it" + (served.again() ? " again" : "");
}

std::string FaultRowText(const RowDetails::Fault& row) {
  std::string text = FaultText(row.fault());
  if (row.by_fallback()) text += " (its fallback time)";
  if (row.cache_lost().empty()) return text;
  const std::string lost = NamesOf(row.cache_lost());
  text += "; unsynced page cache gone";
  return lost == NamesOf(row.met()) ? text : text + " on " + lost;
}

std::string PassedText(const RowDetails::Passed& passed) {
  if (passed.has_by_commit()) {
    return "group " + passed.by_commit().group() + " commits offset " +
           Number(passed.by_commit().offset());
  }
  const RowDetails::Passed::Reset& reset = passed.by_reset();
  if (reset.from() < 0) {
    return "begins at " + Number(reset.to()) + ": no committed offset, auto.offset.reset decides";
  }
  return "resets its position from " + Number(reset.from()) + " to " + Number(reset.to());
}

// The brokers of a row that several of them may share; null: the row has one actor.
const Actors* SharedBy(const RowDetails& row) {
  if (row.has_copied()) return &row.copied().followers();
  if (row.has_durable()) return &row.durable().brokers();
  if (row.has_truncated()) return &row.truncated().brokers();
  if (row.has_disk_lost()) return &row.disk_lost().brokers();
  return row.has_cache_lost() ? &row.cache_lost().brokers() : nullptr;
}

}  // namespace

std::string WhereText(const RowDetails& row) {
  if (row.has_fault()) return "FAULT";
  const Actors* brokers = SharedBy(row);
  if (brokers == nullptr) return row.has_actor() ? row.actor().name() : "-";
  if (brokers->size() > 1) return row.has_copied() ? "followers" : "brokers";
  return NamesOf(*brokers);
}

std::string WhatText(const RowDetails& row) {
  switch (row.kind_case()) {
    case RowDetails::kSubmitted:
      return SubmittedText(row.submitted());
    case RowDetails::kSent:
      return SentText(row.sent());
    case RowDetails::kSentAgain:
      return SentAgainText(row.sent_again());
    case RowDetails::kRefused:
      return "send() fails: " + row.refused().error();
    case RowDetails::kRetried:
      return RetriedText(row);
    case RowDetails::kRenumbered:
      return "takes a new producer epoch: sequences start at 0 again";
    case RowDetails::kTold:
      return ToldText(row.told());
    case RowDetails::kFailed:
      return "gives up: the application gets " + row.failed().error();
    case RowDetails::kDisconnected:
      return DisconnectedText(row.disconnected());
    case RowDetails::kProducerEnded:
      return "its process ends";
    case RowDetails::kLastFetch:
      return LastFetchText(row.last_fetch());
    case RowDetails::kAppended:
      return AppendedText(row.appended());
    case RowDetails::kCopied:
      return CopiedText(row.copied());
    case RowDetails::kDurable:
      return "the kernel has written it to the disk";
    case RowDetails::kCommitted:
      return CommittedText(row.committed());
    case RowDetails::kAnswered:
      return "answers: stored at " + Number(row.answered().base_offset());
    case RowDetails::kRecognised:
      return "recognises the batch (sequence number): nothing is written";
    case RowDetails::kRejected:
      return "refuses it: " + row.rejected().error() + TimesText(row);
    case RowDetails::kOvertaken:
      return OvertakenText(row.overtaken());
    case RowDetails::kBecameLeader:
      return BecameLeaderText(row.became_leader());
    case RowDetails::kTruncated:
    case RowDetails::kCacheLost:
    case RowDetails::kDiskLost:
    case RowDetails::kShortRecovery:
    case RowDetails::kCameBack:
      return CopyText(row);
    case RowDetails::kReplaced:
      return ReplacedText(row.replaced());
    case RowDetails::kIsrShrank:
      return IsrShrankText(row.isr_shrank());
    case RowDetails::kElected:
      return ElectedText(row.elected());
    case RowDetails::kLeaderless:
      return LeaderlessText(row.leaderless());
    case RowDetails::kFault:
      return FaultRowText(row.fault());
    case RowDetails::kServed:
      return ServedText(row.served());
    case RowDetails::kPassed:
      return PassedText(row.passed());
    case RowDetails::kReaderEnded:
      return "its program ends: " + ReaderEndText(row.reader_ended().reason());
    case RowDetails::KIND_NOT_SET:
      break;
  }
  return "";
}

std::string MarkText(const RowDetails& row) {
  static constexpr const char* kWords[] = {"", "promise made", "point of no return",
                                           "last bytes erased"};
  static_assert(std::size(kWords) == RowDetails::Mark_ARRAYSIZE);
  std::string text;
  for (const int mark : row.marks()) text += (text.empty() ? "" : ", ") + std::string(kWords[mark]);
  return text;
}

void FillChainWords(answers::Explanation& explanation) {
  for (answers::ChainRow& row : *explanation.mutable_chain()) {
    row.set_where(WhereText(row.details()));
    row.set_what(WhatText(row.details()));
    row.set_mark(MarkText(row.details()));
  }
  for (answers::Why& why : *explanation.mutable_why()) {
    why.set_question(QuestionText(why.details()));
    why.set_answer(AnswerText(why.details(), why.at_ns()));
  }
}

}  // namespace render
