#include "tools/render/sentences.h"

#include "tools/answers/settings_line.h"
#include "tools/render/style.h"
#include "tools/render/trace.h"
#include "tools/render/words.h"

namespace render {
namespace {

using answers::Finding;
using Names = google::protobuf::RepeatedPtrField<std::string>;

// Kafka's names of errors that decide what is said.
constexpr char kRecordTooLarge[] = "RecordTooLargeException";
constexpr char kMessageTooLarge[] = "MESSAGE_TOO_LARGE";
constexpr char kOutOfOrder[] = "OUT_OF_ORDER_SEQUENCE_NUMBER";

std::string BrokerText(const std::string& broker) { return broker.empty() ? "no broker" : broker; }

std::string SetText(const Names& brokers) {
  std::string text;
  for (const std::string& broker : brokers) text += (text.empty() ? "" : ", ") + broker;
  return text;
}

std::string ExactTime(uint64_t at_ns) { return FormatTime({static_cast<int64_t>(at_ns)}); }
std::string AtText(uint64_t at_ns) { return " (at " + ExactTime(at_ns) + " s)"; }

std::string AcksOf(const Finding& finding) { return "acks=" + finding.acks(); }

std::string What(const Finding& finding) {
  const std::string first = finding.messages_size() == 0 ? "messages" : finding.messages(0);
  if (finding.count() <= 1) return first;
  return Grouped(finding.count()) + " messages from " + first + " on";
}

// "was killed (at 1.000 s)".
std::string StoppedText(const Finding::Stopped& stopped) {
  const std::string at = stopped.has_at_ns() ? AtText(stopped.at_ns()) : "";
  switch (stopped.how()) {
    case answers::KILLED:
      return "was killed" + at;
    case answers::EXITED:
    case answers::STOP_REQUESTED:
      return "was stopped in order" + at;
    case answers::PANIC:
      return "lost its kernel" + at;
    case answers::POWER_LOST:
      return "lost power" + at;
    default:
      return "stopped" + at;
  }
}

// "broker-2 became leader without it".
std::string Successor(const Finding& finding) {
  if (finding.successor().empty()) return "nobody has led since";
  const bool again = finding.successor() == finding.author();
  return finding.successor() + (again ? " led again" : " became leader") + " without it" +
         (finding.has_led_without_at_ns() ? AtText(finding.led_without_at_ns()) : "");
}

// "broker-1 and broker-2 at 2.000 s, broker-3 at 4.000 s": who lost it with a cache.
std::string CachesText(const Finding& finding) {
  std::string text;
  std::string names;
  for (int i = 0; i < finding.lost_caches_size(); ++i) {
    const Finding::CacheLoss& loss = finding.lost_caches(i);
    names += (names.empty() ? "" : ", ") + BrokerText(loss.broker());
    const bool last = i + 1 == finding.lost_caches_size();
    if (!last && finding.lost_caches(i + 1).at_ns() == loss.at_ns()) continue;
    text += (text.empty() ? "" : "; ") + names + " at " + ExactTime(loss.at_ns()) + " s";
    names.clear();
  }
  return text;
}

std::string LastCacheLossText(const Finding& finding, const std::string& broker) {
  std::string at;
  for (const Finding::CacheLoss& loss : finding.lost_caches()) {
    if (loss.broker() == broker) at = AtText(loss.at_ns());
  }
  return at;
}

std::string ElectedAt(const Finding& finding) {
  return finding.has_elected_at_ns() ? AtText(finding.elected_at_ns()) : "";
}

std::string ElectedWithout(const Finding& finding, const std::string& what) {
  const std::string elected =
      BrokerText(finding.loser()) + " was elected leader of " + finding.partition();
  const std::string at = ElectedAt(finding);
  if (finding.mechanism() == answers::UNCLEAN_ELECTION) {
    return elected + " uncleanly" + at + ": it lacked " + what + ".";
  }
  if (finding.mechanism() == answers::UNCLEAN_ELECTION_BY_HAND) {
    return elected + " uncleanly, as an operator asked" + at + ": it lacked " + what + ".";
  }
  std::string text = elected + at + " without ever having had " + what + ".";
  if (finding.mechanism() == answers::FORGOTTEN_JOIN) {
    text += " " + BrokerText(finding.author()) +
            " had proposed it for the ISR, forgot that over the metadata of an earlier change, and "
            "did not wait for it: a race of Kafka's own (docs/fidelity.md).";
  }
  return text;
}

// Refused, or never come to a broker, and nobody learns of it.
std::string NotStored(const Finding& finding, const std::string& what) {
  const bool looked = finding.mechanism() == answers::ERROR_NOT_LOOKED_AT;
  const std::string unknown = looked ? "the program has no callback that would have told it"
                                     : "with " + AcksOf(finding) + " nobody learns of that";
  const bool many = finding.count() > 1;
  const std::string are = many ? " are" : " is";
  const std::string them = many ? "them" : "it";
  if (finding.refused() == kRecordTooLarge) {
    return what + are + " larger than max.request.size: send() refused " + them + ", and " +
           unknown + ".";
  }
  if (finding.refused() == kMessageTooLarge) {
    return what + are + " too large for " + finding.partition() +
           " (max.message.bytes=" + std::to_string(finding.size_limit()) +
           "): the broker refused " + them + ", and " + unknown + ".";
  }
  if (looked) return what + " failed, and " + unknown + ".";
  return what + " reached no log of " + finding.partition() + ", and " + unknown + ".";
}

// Copies went with page caches or disks.
std::string CopiesLost(const Finding& finding, const std::string& what) {
  const std::string loser = BrokerText(finding.loser());
  switch (finding.mechanism()) {
    case answers::ALL_COPIES_UNSYNCED:
      return "Every copy of " + what +
             " was in a page cache that had not been written back, and was lost with it (" +
             CachesText(finding) + ").";
    case answers::DISK_LOST:
      return loser + " (leader of " + finding.partition() + ") was left without " + what +
             ": the last copy that could be elected went with its disk (" + CachesText(finding) +
             ").";
    case answers::SOLE_MEMBER_LOST_CACHE:
      return loser + " was the only replica of " + finding.partition() +
             " that could be elected, and came back without " + what + ": its page cache was lost" +
             LastCacheLossText(finding, finding.loser()) + ".";
    default:
      return loser + " came back without " + what + " and was elected, though " +
             SetText(finding.intact()) + " had it.";
  }
}

std::string LossStory(const Finding& finding) {
  const std::string& partition = finding.partition();
  const std::string what = What(finding);
  const std::string leader = BrokerText(finding.author()) + " (leader of " + partition + ")";
  switch (finding.mechanism()) {
    case answers::LEADER_DIED_BEFORE_COPY:
    case answers::LEADER_LOST_POWER_BEFORE_COPY:
    case answers::LEADER_STOPPED_BEFORE_COPY:
      return leader + " took " + what + " and said \"stored\", since " + AcksOf(finding) +
             " asks for no copy; it " + StoppedText(finding.stopped()) +
             " before a follower had fetched it. " + Successor(finding) + ".";
    case answers::LEADER_REPLACED_ALIVE:
      return leader + " was replaced while it still ran, and took " + what + " all the same; " +
             Successor(finding) + ", and the old leader cut it off to match.";
    case answers::NEVER_REACHED_LOG:
    case answers::ERROR_NOT_LOOKED_AT:
      return NotStored(finding, what);
    case answers::UNCLEAN_ELECTION:
    case answers::UNCLEAN_ELECTION_BY_HAND:
    case answers::ELECTED_WITHOUT_COPY:
    case answers::FORGOTTEN_JOIN:
      return ElectedWithout(finding, what);
    case answers::LAST_KNOWN_LEADER:
      return "No eligible replica of " + partition + " was left, so its last known leader " +
             BrokerText(finding.loser()) + " was elected" + ElectedAt(finding) + "; it had lost " +
             what + " with its page cache.";
    case answers::ALL_COPIES_UNSYNCED:
    case answers::DISK_LOST:
    case answers::SOLE_MEMBER_LOST_CACHE:
    case answers::MEMBER_LOST_CACHE:
      return CopiesLost(finding, what);
    case answers::TRUNCATED_INTACT_COPY:
      return SetText(finding.truncated()) + " cut off a whole copy of " + what + " to match " +
             BrokerText(finding.loser()) +
             (finding.has_lost_at_ns() ? AtText(finding.lost_at_ns()) : "") + ".";
    case answers::ACKED_UNWRITTEN:
      return what + " was acknowledged and stands in no log.";
    case answers::PRODUCER_DIED:
      return "The producer's process ended before it had sent " + what + ".";
    default:
      break;
  }
  return what + " broke " + answers::Property_Name(finding.property()) + " in " + partition + ".";
}

// Messages that stand twice.
std::string DoublingStory(const Finding& finding) {
  using Doubling = Finding::Doubling;
  const Doubling& doubling = finding.doubling();
  const std::string text = What(finding) + (finding.count() == 1 ? " stands" : " stand") +
                           " twice in " + finding.partition() + ". ";
  if (doubling.why() == Doubling::NOT_IDEMPOTENT) {
    return text +
           "It was sent again when its answer did not come, and with "
           "enable.idempotence=false a batch has no number by which a broker could know "
           "it.";
  }
  if (doubling.why() == Doubling::FORGOTTEN) {
    return text +
           "It was sent again when its answer did not come, and the leader knew its number "
           "no more.";
  }
  const std::string renumbered =
      "the producer took a new epoch" +
      (doubling.has_renumbered_at_ns() ? AtText(doubling.renumbered_at_ns()) : "") +
      ", under which no broker knows a batch again.";
  const std::string refusal = doubling.error().empty() ? "" : " (" + doubling.error() + ")";
  if (doubling.error() != kOutOfOrder || !doubling.has_leader_stopped()) {
    return text + "The first answer did not come" + refusal + ", and " + renumbered;
  }
  return text + "The first answer did not come; meanwhile " + BrokerText(doubling.leader()) + " " +
         StoppedText(doubling.leader_stopped()) +
         ", and a start after that reads a producer snapshot, which keeps the newest batch of each "
         "producer alone: it refused the repetition" +
         refusal + ", and " + renumbered;
}

}  // namespace

std::string SentenceOf(const Finding& finding) {
  return finding.has_doubling() ? DoublingStory(finding) : LossStory(finding);
}

std::string EndedText(const answers::EndedProgram& ended) {
  return "the program of " + ended.program() + " ended" + AtText(ended.at_ns()) + ": for " +
         ended.partition() + ", " + ReaderEndText(ended.why()) +
         ". Nothing that it was to read is processed from then on.";
}

std::string BrokenInvariantText(const answers::BrokenInvariant& broken) {
  std::string text =
      broken.name() + " at " + ExactTime(broken.at_ns()) + " s, " + broken.partition();
  if (!broken.broker().empty()) text += ", " + broken.broker();
  if (broken.has_offset()) text += ", offset " + std::to_string(broken.offset());
  return text;
}

std::string DoubtText(const answers::Doubt& doubt) {
  switch (doubt.kind()) {
    case answers::Doubt::UNAVAILABLE:
      return "unavailable: a partition has no leader at the end";
    case answers::Doubt::IN_FLIGHT:
      return "the run ended while messages were in flight";
    case answers::Doubt::NOTHING_ACKNOWLEDGED:
      return "nothing was acknowledged";
    case answers::Doubt::NOTHING_SENT:
      return "nothing was sent";
    case answers::Doubt::NOTHING_IN_LOG:
      return "nothing is in the log";
    case answers::Doubt::NOTHING_COPIED:
      return "nothing was copied";
    case answers::Doubt::NOT_MODELLED:
      return doubt.setting() + " is not modelled: " + doubt.why();
    case answers::Doubt::FAULT_NOT_FIRED:
      return "a declared fault did not strike (fault " + std::to_string(doubt.fault()) + ")";
    case answers::Doubt::NO_LEADER:
      return "a partition is unavailable at the end: it has no leader";
    case answers::Doubt::STILL_BUSY:
      return "the cluster was still busy when the run's patience ended";
    case answers::Doubt::OUT_OF_EVENTS:
      return "the run was ended" + AtText(doubt.at_ns()) + ", since it had spent its events: " +
             (doubt.machine().empty() ? "" : doubt.machine() + ", ") + doubt.event() +
             ", again and again";
    default:
      return "";
  }
}

std::string ShortDoubtText(const answers::Doubt& doubt) {
  switch (doubt.kind()) {
    case answers::Doubt::NOT_MODELLED:
      return doubt.setting() + " is not modelled";
    case answers::Doubt::UNAVAILABLE:
      return "unavailable";
    case answers::Doubt::NO_LEADER:
      return "a partition is unavailable at the end";
    case answers::Doubt::OUT_OF_EVENTS:
      return "the run was ended, since it had spent its events";
    default:
      return DoubtText(doubt);
  }
}

std::string BlameOf(const Finding& finding) {
  switch (finding.class_()) {
    case answers::PROMISE_BROKEN:
      return "which breaks Kafka's promise";
    case answers::OUTSIDE_PROMISE:
      return "outside of what Kafka promises";
    case answers::UNEXPLAINED:
      return "and no rule explains it (an error of this program)";
    case answers::AS_CONFIGURED:
      break;
    default:
      return "";
  }
  switch (finding.rule()) {
    case answers::RULE_2:
    case answers::RULE_NOTHING_PROMISED:
      if (!finding.refused().empty()) return "since they are too large";
      if (finding.mechanism() == answers::ERROR_NOT_LOOKED_AT) return "as no callback permits";
      if (finding.mechanism() == answers::PRODUCER_DIED) return "since their producer died first";
      return "as " + AcksOf(finding) + " permits";
    case answers::RULE_3A:
      if (finding.mechanism() == answers::UNCLEAN_ELECTION_BY_HAND) {
        return "as the operator's unclean election permits";
      }
      return "as unclean.leader.election.enable=true permits";
    case answers::RULE_3B:
    case answers::RULE_3C:
      if (finding.acks() == "0") return "as copies in page caches alone permit";
      return "as acknowledging before any flush permits";
    default:
      return "as configured";
  }
}

std::string CureText(const Names& lines) {
  std::string text;
  for (const std::string& line : lines) {
    if (line == answers::kElrChange || line == answers::kCallbackChange) continue;
    text += (text.empty() ? "" : " ") + std::string("--set ") + line;
  }
  for (const std::string& line : lines) {
    if (line != answers::kElrChange && line != answers::kCallbackChange) continue;
    text += text.empty() ? "" : ", and ";
    text += line == answers::kElrChange ? "eligible leader replicas on (cluster.elr: true)"
                                        : "look at the outcome of send()";
  }
  return text;
}

}  // namespace render
