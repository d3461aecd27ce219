#include "tools/render/sentences.h"

#include "tools/render/style.h"
#include "tools/render/trace.h"
#include "tools/render/words.h"

namespace render {
namespace {

using kafka::ledger::Finding;
using kafka::ledger::Mechanism;

std::string BrokerText(const kafka::Setup& setup, kafka::BrokerId broker) {
  return broker.exists() && broker.value < setup.brokers.size() ? setup.brokers[broker.value].name
                                                                : "no broker";
}

std::string SetText(const kafka::Setup& setup, kafka::BrokerSet set) {
  std::string text;
  for (uint8_t i = 0; i < setup.brokers.size(); ++i) {
    if (set.contains({i})) text += (text.empty() ? "" : ", ") + setup.brokers[i].name;
  }
  return text;
}

std::string AtText(const kafka::ledger::Moment& moment) {
  return moment.exists() ? " (at " + FormatTime(moment.time) + " s)" : "";
}

std::string What(const kafka::Setup& setup, const kafka::Tables& tables,
                 const std::vector<kafka::MessageId>& messages) {
  const std::string first =
      messages.empty() ? "messages" : NameOfMessage(setup, tables, messages.front());
  if (messages.size() <= 1) return first;
  return Grouped(messages.size()) + " messages from " + first + " on";
}

std::string IncidentText(kafka::ledger::Incident::Kind kind) {
  switch (kind) {
    case kafka::ledger::Incident::Kind::kKilled:
      return "was killed";
    case kafka::ledger::Incident::Kind::kExited:
    case kafka::ledger::Incident::Kind::kStopRequested:
      return "was stopped in order";
    case kafka::ledger::Incident::Kind::kPanic:
      return "lost its kernel";
    case kafka::ledger::Incident::Kind::kPowerLost:
      return "lost power";
  }
  return "stopped";
}

// "broker-2 became leader without it".
std::string Successor(const kafka::Setup& setup, const Finding& finding) {
  if (!finding.successor.exists()) return "nobody has led since";
  const bool again = finding.successor == finding.author;
  return BrokerText(setup, finding.successor) + (again ? " led again" : " became leader") +
         " without it" + AtText(finding.office);
}

// "broker-1 and broker-2 at 2.000 s, broker-3 at 4.000 s": who lost it with a cache.
std::string CachesText(const kafka::Setup& setup, const Finding& finding) {
  std::string text;
  std::string names;
  for (size_t i = 0; i < finding.lost_unsynced.size(); ++i) {
    const kafka::ledger::CacheLoss& loss = finding.lost_unsynced[i];
    names += (names.empty() ? "" : ", ") + BrokerText(setup, loss.broker);
    const bool last = i + 1 == finding.lost_unsynced.size();
    if (!last && finding.lost_unsynced[i + 1].at.time == loss.at.time) continue;
    text += (text.empty() ? "" : "; ") + names + " at " + FormatTime(loss.at.time) + " s";
    names.clear();
  }
  return text;
}

kafka::ledger::Moment LastCacheLossOf(const Finding& finding, kafka::BrokerId broker) {
  kafka::ledger::Moment last;
  for (const kafka::ledger::CacheLoss& loss : finding.lost_unsynced) {
    if (loss.broker == broker) last = loss.at;
  }
  return last;
}

std::string ElectedWithout(const kafka::Setup& setup, const Finding& finding,
                           const std::string& what) {
  const std::string elected = BrokerText(setup, finding.loser) + " was elected leader of " +
                              NameOfPartition(setup, finding.partition);
  if (finding.mechanism == Mechanism::kUncleanElection) {
    return elected + " uncleanly" + AtText(finding.elected) + ": it lacked " + what + ".";
  }
  std::string text = elected + AtText(finding.elected) + " without ever having had " + what + ".";
  if (finding.mechanism == Mechanism::kForgottenJoin) {
    text += " " + BrokerText(setup, finding.author) +
            " had proposed it for the ISR, forgot that over the metadata of an earlier change, and "
            "did not wait for it: a race of Kafka's own (docs/fidelity.md).";
  }
  return text;
}

// Refused, or never come to a broker, and nobody learns of it.
std::string NotStored(const kafka::Setup& setup, const Finding& finding, const std::string& what) {
  const bool looked = finding.mechanism == Mechanism::kErrorNotLookedAt;
  const std::string unknown = looked ? "the program has no callback that would have told it"
                                     : "with " + AcksText(finding.acks) + " nobody learns of that";
  const bool many = finding.messages.size() > 1;
  const std::string are = many ? " are" : " is";
  const std::string them = many ? "them" : "it";
  if (finding.refusal == kafka::Error::kRecordTooLarge) {
    return what + are + " larger than max.request.size: send() refused " + them + ", and " +
           unknown + ".";
  }
  if (finding.refusal == kafka::Error::kMessageTooLarge) {
    return what + are + " too large for " + NameOfPartition(setup, finding.partition) +
           " (max.message.bytes=" +
           std::to_string(setup.topic_of(finding.partition).max_message_bytes) +
           "): the broker refused " + them + ", and " + unknown + ".";
  }
  if (looked) return what + " failed, and " + unknown + ".";
  return what + " reached no log of " + NameOfPartition(setup, finding.partition) + ", and " +
         unknown + ".";
}

std::string Story(const kafka::Setup& setup, const kafka::Tables& tables, const Finding& finding) {
  const std::string author = BrokerText(setup, finding.author);
  const std::string partition = NameOfPartition(setup, finding.partition);
  const std::string what = What(setup, tables, finding.messages);
  const std::string leader = author + " (leader of " + partition + ")";
  switch (finding.mechanism) {
    case Mechanism::kLeaderDiedBeforeCopy:
    case Mechanism::kLeaderLostPowerBeforeCopy:
    case Mechanism::kLeaderStoppedBeforeCopy:
      return leader + " took " + what + " and said \"stored\", since " + AcksText(finding.acks) +
             " asks for no copy; it " + IncidentText(finding.incident_kind) +
             AtText(finding.incident) + " before a follower had fetched it. " +
             Successor(setup, finding) + ".";
    case Mechanism::kLeaderReplacedAlive:
      return leader + " was replaced while it still ran, and took " + what + " all the same; " +
             Successor(setup, finding) + ", and the old leader cut it off to match.";
    case Mechanism::kNeverReachedLog:
    case Mechanism::kErrorNotLookedAt:
      return NotStored(setup, finding, what);
    case Mechanism::kUncleanElection:
    case Mechanism::kElectedWithoutCopy:
    case Mechanism::kForgottenJoin:
      return ElectedWithout(setup, finding, what);
    case Mechanism::kLastKnownLeader:
      return "No eligible replica of " + partition + " was left, so its last known leader " +
             BrokerText(setup, finding.loser) + " was elected" + AtText(finding.elected) +
             "; it had lost " + what + " with its page cache.";
    case Mechanism::kAllCopiesUnsynced:
      return "Every copy of " + what +
             " was in a page cache that had not been written back, and was lost with it (" +
             CachesText(setup, finding) + ").";
    case Mechanism::kSoleMemberLostCache:
      return BrokerText(setup, finding.loser) + " was the only replica of " + partition +
             " that could be elected, and came back without " + what + ": its page cache was lost" +
             AtText(LastCacheLossOf(finding, finding.loser)) + ".";
    case Mechanism::kMemberLostCache:
      return BrokerText(setup, finding.loser) + " came back without " + what +
             " and was elected, though " + SetText(setup, finding.unused) + " had it.";
    case Mechanism::kTruncatedIntactCopy:
      return SetText(setup, finding.truncated) + " cut off a whole copy of " + what + " to match " +
             BrokerText(setup, finding.loser) + AtText(finding.lost) + ".";
    case Mechanism::kAckedUnwritten:
      return what + " was acknowledged and stands in no log.";
    case Mechanism::kProducerDied:
      return "The producer's process ended before it had sent " + what + ".";
    case Mechanism::kNone:
      break;
  }
  return what + " broke " + std::string(kafka::ledger::NameOf(finding.property)) + " in " +
         partition + ".";
}

}  // namespace

std::string SentenceOf(const kafka::Setup& setup, const kafka::Tables& tables,
                       const Finding& finding) {
  return Story(setup, tables, finding);
}

std::string EndedText(const kafka::Setup& setup, const kafka::ledger::EndedConsumer& ended) {
  return "the program of " + setup.consumers[ended.consumer.value].name + " ended" +
         AtText(ended.at) + ": for " + NameOfPartition(setup, ended.partition) + ", " +
         ConsumerEndText(ended.why) + ". Nothing that it was to read is processed from then on.";
}

std::string SentenceOf(const kafka::Setup& setup, const kafka::Tables& tables,
                       const kafka::ledger::Doubling& doubling) {
  using Why = kafka::ledger::Doubling::Why;
  const std::string text = What(setup, tables, doubling.messages) +
                           (doubling.messages.size() == 1 ? " stands" : " stand") + " twice in " +
                           NameOfPartition(setup, doubling.partition) + ". ";
  if (doubling.why == Why::kNotIdempotent) {
    return text +
           "It was sent again when its answer did not come, and with "
           "enable.idempotence=false a batch has no number by which a broker could know "
           "it.";
  }
  if (doubling.why == Why::kForgotten) {
    return text +
           "It was sent again when its answer did not come, and the leader knew its number "
           "no more.";
  }
  const kafka::ledger::Renumbering& its = doubling.renumbering;
  const std::string renumbered = "the producer took a new epoch" + AtText(its.at) +
                                 ", under which no broker knows a batch again.";
  const std::string refusal = its.error == kafka::Error::kNone
                                  ? std::string()
                                  : std::string(" (") + kafka::NameOf(its.error) + ")";
  if (its.error != kafka::Error::kOutOfOrderSequenceNumber || !doubling.incident.exists()) {
    return text + "The first answer did not come" + refusal + ", and " + renumbered;
  }
  return text + "The first answer did not come; meanwhile " + BrokerText(setup, its.leader) + " " +
         IncidentText(doubling.incident_kind) + AtText(doubling.incident) +
         ", and a start after that reads a producer snapshot, which keeps the newest batch of each "
         "producer alone: it refused the repetition" +
         refusal + ", and " + renumbered;
}

std::string BlameOf(const Finding& finding) {
  switch (finding.loss_class) {
    case kafka::ledger::LossClass::kPromiseBroken:
      return "which breaks Kafka's promise";
    case kafka::ledger::LossClass::kOutsidePromise:
      return "outside of what Kafka promises";
    case kafka::ledger::LossClass::kUnexplained:
      return "and no rule explains it (an error of this program)";
    case kafka::ledger::LossClass::kNone:
      return "";
    case kafka::ledger::LossClass::kAsConfigured:
      break;
  }
  switch (finding.leaf) {
    case kafka::ledger::Leaf::kBeforeCommit:
    case kafka::ledger::Leaf::kNothingPromised:
      if (finding.refusal != kafka::Error::kNone) return "since they are too large";
      if (finding.mechanism == Mechanism::kErrorNotLookedAt) return "as no callback permits";
      return "as " + AcksText(finding.acks) + " permits";
    case kafka::ledger::Leaf::kUnclean:
      return "as unclean.leader.election.enable=true permits";
    case kafka::ledger::Leaf::kUnsynced:
    case kafka::ledger::Leaf::kLastKnownLeader:
      if (finding.acks == kafka::Acks::kNone) return "as copies in page caches alone permit";
      return "as acknowledging before any flush permits";
    default:
      return "as configured";
  }
}

std::vector<std::string> CureLines(const kafka::Setup& setup, const Finding& finding) {
  if (finding.cure == kafka::ledger::Cure::kElrOn) return {kElrChange};
  if (finding.cure == kafka::ledger::Cure::kCallback) return {kCallbackChange};
  return kafka::ledger::SettingsOf(finding.cure, setup, finding.partition);
}

std::string CureText(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    if (line == kElrChange || line == kCallbackChange) continue;
    text += (text.empty() ? "" : " ") + std::string("--set ") + line;
  }
  for (const std::string& line : lines) {
    if (line != kElrChange && line != kCallbackChange) continue;
    text += text.empty() ? "" : ", and ";
    text += line == kElrChange ? "eligible leader replicas on (cluster.elr: true)"
                               : "look at the outcome of send()";
  }
  return text;
}

}  // namespace render
