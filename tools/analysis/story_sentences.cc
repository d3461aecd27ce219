// The first sentence of an explanation: mechanism, setting and fault in at most thirty words.
//
// It is composed: the finding's mechanism gives the clause, the causes (confirmed by now, or the
// promise's rule and the chain alone) give setting and faults. Of several wordings the first that
// fits is taken.
#include <algorithm>

#include "model/kafka/explain/inquiry.h"
#include "tools/analysis/story.h"
#include "tools/answers/names.h"
#include "tools/answers/settings_line.h"
#include "tools/render/explain_text.h"
#include "tools/render/sentences.h"
#include "tools/render/story_unread.h"
#include "tools/render/story_words.h"
#include "tools/render/trace.h"
#include "tools/render/words.h"

namespace analysis {
namespace {

using answers::Cause;
using answers::Explanation;
using kafka::ledger::Fate;
using kafka::ledger::Mechanism;

constexpr size_t kWordsAtMost = 30;

// What a sentence may name.
struct Named {
  std::vector<std::string> settings;
  std::vector<std::string> faults;  // without article
  std::string bug;                  // what the planted bug does
  std::string bug_name;
  bool no_callback = false;
};

class Sentence {
 public:
  Sentence(const analysis::Case& base, const analysis::Story& story, const kafka::World& world,
           const Explanation& out)
      : base_(base), story_(story), world_(world), out_(out) {
    its_.world = &world;
    its_.outcome = &base.outcome;
    its_.plan = base.faults;
    its_.message = story.message;
    its_.partition = world.tables[story.message].partition;
    its_.fate = story.fate;
    its_.finding = story.has_finding ? &story.finding : nullptr;
    NameCauses();
  }

  std::string First() const;

 private:
  void NameCauses();
  void NameOfCauses(bool confirmed_only);
  void NameOfFinding();
  std::vector<std::string> Wordings() const;
  std::vector<std::string> Lost(const std::string& faults) const;
  std::vector<std::string> Twice(const std::string& faults) const;
  std::vector<std::string> Others(const std::string& faults) const;
  std::vector<std::string> OfLeader(const std::string& faults) const;
  std::vector<std::string> OfCaches(const std::string& faults) const;
  std::vector<std::string> OfBug(const std::string& faults) const;

  std::string Name(kafka::BrokerId broker) const {
    return broker.exists() ? base_.setup().brokers[broker.value].name : "the leader";
  }
  std::string Message() const {
    return answers::NameOfMessage(base_.setup(), world_.tables, story_.message);
  }
  // "Because acks=1, " or, without a setting, nothing.
  std::string Because() const {
    if (named_.settings.empty()) return "";
    return (named_.settings[0].ends_with(" unset") ? "With " : "Because ") + SettingsText() + ", ";
  }
  std::string SettingsText() const;
  std::string ErrorText() const { return kafka::NameOf(story_.error); }
  std::string Offsets() const {
    std::vector<std::string> all;
    for (const int64_t offset : story_.offsets) all.push_back(std::to_string(offset));
    return render::Joined(all);
  }

  const analysis::Case& base_;
  const analysis::Story& story_;
  const kafka::World& world_;
  const Explanation& out_;
  kafka::explain::Inquiry its_;
  Named named_;
};

std::string Sentence::SettingsText() const {
  std::vector<std::string> texts;
  for (const std::string& setting : named_.settings) texts.push_back(setting);
  return render::Joined(texts);
}

void Sentence::NameOfCauses(bool confirmed_only) {
  for (const Cause& cause : out_.causes()) {
    const bool confirmed = cause.confirmation() != Cause::NOT_CONFIRMED;
    if (confirmed != confirmed_only) continue;
    const std::string mark = confirmed ? "" : " (not confirmed)";
    switch (cause.kind()) {
      case Cause::SETTING:
        if (confirmed_only || named_.settings.empty()) {
          render::AddOnce(named_.settings, render::SettingText(cause.name()) + mark);
        }
        break;
      case Cause::FAULT:
        if (confirmed_only || named_.faults.empty()) {
          render::AddOnce(named_.faults, render::FaultOf(cause.text()) + mark);
        }
        break;
      case Cause::PLANTED_BUG:
        named_.bug = render::MutantText(base_.setup().mutant) + mark;
        named_.bug_name = cause.name();
        break;
      case Cause::PROGRAM:
        named_.no_callback = cause.removal() == answers::kCallbackChange;
        break;
      default:
        break;
    }
  }
}

// The rule of docs/promise.md that decided says which setting permitted it.
void Sentence::NameOfFinding() {
  if (!story_.has_finding) return;
  const kafka::ledger::Finding& finding = story_.finding;
  switch (finding.cure) {
    case kafka::ledger::Cure::kAcksAll:
      named_.settings.push_back(render::AcksText(finding.acks));
      break;
    case kafka::ledger::Cure::kUncleanOff:
      named_.settings.push_back("unclean.leader.election.enable=true");
      break;
    case kafka::ledger::Cure::kFlushEachMessage:
      named_.settings.push_back("flush.messages unset");
      break;
    case kafka::ledger::Cure::kElrOn:
      named_.settings.push_back("eligible leader replicas off");
      break;
    case kafka::ledger::Cure::kCallback:
      named_.no_callback = true;
      break;
    case kafka::ledger::Cure::kSizeLimits:
      named_.settings.push_back("max.message.bytes");
      break;
    case kafka::ledger::Cure::kNone:
      break;
  }
  if (finding.explained_by != kafka::Mutant::kNone) {
    named_.bug = render::MutantText(finding.explained_by);
  }
}

void Sentence::NameCauses() {
  NameOfCauses(true);
  NameOfCauses(false);
  const bool any_setting = !named_.settings.empty() || !named_.bug.empty() || named_.no_callback;
  if (!any_setting) NameOfFinding();
  if (!named_.faults.empty() || out_.causes_size() != 0) return;
  for (const uint16_t plan : story_.faults_in_chain) {
    if (named_.faults.size() == 2) break;
    named_.faults.push_back(render::FaultText(its_, plan));
  }
}

std::vector<std::string> Sentence::OfLeader(const std::string& faults) const {
  const kafka::ledger::Finding& finding = story_.finding;
  const std::string author = Name(finding.author);
  const std::string loser = Name(finding.loser);
  const std::string said = story_.told && finding.acks != kafka::Acks::kNone
                               ? author + " said \"stored\""
                               : author + " had it";
  if (finding.acks == kafka::Acks::kNone && finding.loser != finding.author) {
    return {Because() + "nobody waited for a copy of " + Message() + "; the " + faults + " left " +
                loser + " to lead without it.",
            Because() + "nobody waited for a copy; " + loser + " led without it: " + faults + "."};
  }
  if (finding.mechanism == Mechanism::kLeaderReplacedAlive) {
    const std::string did = story_.told ? " said \"stored\"" : " took " + Message();
    return {Because() + author + did + " without a copy on " + loser +
                ", which replaced it after the " + faults + "; then " + author + " truncated.",
            Because() + author + did + " without a copy on " + loser +
                ", which replaced it: " + faults + "."};
  }
  if (finding.loser == finding.author || !finding.loser.exists()) {
    return {
        Because() + said + " alone, and lost it in the " + faults + " before anybody had a copy.",
        Because() + said + " alone, and lost it: " + faults + "."};
  }
  return {Because() + said + " before " + loser + " had a copy; the " + faults + " left " + loser +
              " to lead without it.",
          Because() + said + " before " + loser +
              " had a copy, which then led without it: " + faults + "."};
}

std::vector<std::string> Sentence::OfCaches(const std::string& faults) const {
  const kafka::ledger::Finding& finding = story_.finding;
  const std::string loser = Name(finding.loser);
  switch (finding.mechanism) {
    case Mechanism::kAllCopiesUnsynced: {
      const bool one = its_.world->config->partitions[its_.partition.value].replicas.size() < 2;
      const std::string copies = one ? "the only copy" : "every copy";
      return {Because() + copies + " of " + Message() + " was still in page cache when the " +
                  faults + " erased it.",
              Because() + copies + " was still in page cache: " + faults + "."};
    }
    case Mechanism::kSoleMemberLostCache:
      return {Because() + loser + ", the only electable replica, lost " + Message() +
                  " with its page cache in the " + faults + ", and led without it.",
              Because() + loser +
                  ", the only electable replica, lost it with its page cache: " + faults + "."};
    case Mechanism::kMemberLostCache:
      return {loser + " lost " + Message() + " with its page cache in the " + faults +
                  ", and yet was elected.",
              loser + " lost it with its page cache, and yet was elected: " + faults + "."};
    case Mechanism::kLastKnownLeader:
      return {Because() + "nobody eligible was left after the " + faults +
                  "; the last known leader " + loser + " had lost " + Message() +
                  " with its page cache.",
              Because() + "last known leader " + loser + " led with a lost page cache: " + faults +
                  "."};
    default:
      return {Because() + loser + " was elected out of sync after the " + faults + ", without " +
                  Message() + ".",
              Because() + loser + " was elected out of sync without it: " + faults + "."};
  }
}

// A broken promise: what the bug does, and where it showed.
std::vector<std::string> Sentence::OfBug(const std::string& faults) const {
  const kafka::ledger::Finding& finding = story_.finding;
  const std::string bug = named_.bug.empty() ? "For no known reason" : "A bug (" + named_.bug + ")";
  const std::string loser = Name(finding.loser);
  std::string end;
  switch (finding.mechanism) {
    case Mechanism::kTruncatedIntactCopy:
      end = "whole copies were cut off to match " + loser;
      break;
    case Mechanism::kAckedUnwritten:
      end = "it was acknowledged without having been written";
      break;
    case Mechanism::kMemberLostCache:
      end = loser + " led without what its page cache had lost";
      break;
    default:
      end = loser + " led without it";
      break;
  }
  return {bug + " broke the promise of " + render::AcksText(finding.acks) + ": after the " +
              faults + ", " + end + ".",
          bug + " broke the promise: " + end + " (" + faults + ").",
          "A bug broke the promise: " + end + " (" + faults + ")."};
}

std::vector<std::string> Sentence::Lost(const std::string& faults) const {
  const kafka::ledger::Finding& finding = story_.finding;
  if (finding.loss_class == kafka::ledger::LossClass::kPromiseBroken) return OfBug(faults);
  switch (finding.mechanism) {
    case Mechanism::kLeaderDiedBeforeCopy:
    case Mechanism::kLeaderLostPowerBeforeCopy:
    case Mechanism::kLeaderStoppedBeforeCopy:
    case Mechanism::kLeaderReplacedAlive:
      return OfLeader(faults);
    case Mechanism::kNeverReachedLog:
      return {Because() + "sending " + Message() +
                  " counted as success, but no leader wrote it: the " + faults +
                  " took it away on its way.",
              Because() + "sending it counted as success, but no leader wrote it: " + faults + "."};
    case Mechanism::kProducerDied:
      return {"The producer's process ended (" + faults + ") with " + Message() +
              " still in its memory; nobody was told."};
    case Mechanism::kErrorNotLookedAt:
      return {Message() + " failed with " + ErrorText() + " after the " + faults +
                  ", and nobody learnt of it: the program has no callback.",
              Message() + " failed with " + ErrorText() +
                  ", and nobody learnt of it: no callback (" + faults + ")."};
    default:
      return OfCaches(faults);
  }
}

std::vector<std::string> Sentence::Twice(const std::string& faults) const {
  const std::string at = " at offsets " + Offsets();
  if (story_.offsets.size() < 2) {
    return {Message() + " was processed twice: its offset had not been committed before the " +
            faults + "."};
  }
  std::string why = "enable.idempotence=false hides that it is the same";
  if (story_.idempotent) {
    why = story_.renumbered ? "after the producer's epoch bump"
                            : "the leader did not know it any more";
  }
  if (!named_.bug.empty()) why = named_.bug;
  if (!named_.settings.empty()) why = SettingsText() + " keeps brokers from recognising a retry";
  return {"The first answer was lost (" + faults + ") and the retry was appended too" + at + ": " +
              why + ".",
          "A retry was appended too" + at + " (" + faults + "): " + why + "."};
}

std::vector<std::string> Sentence::Others(const std::string& faults) const {
  const std::string offset = std::to_string(story_.offsets.empty() ? -1 : story_.offsets.front());
  const render::UnreadWords words{.message = Message(),
                                  .because = Because(),
                                  .faults = named_.faults.empty() ? "" : faults,
                                  .bug = named_.bug};
  switch (story_.fate) {
    case Fate::kReordered: {
      const std::string other =
          story_.overtaken_by.exists()
              ? answers::NameOfMessage(base_.setup(), world_.tables, story_.overtaken_by)
              : "a later message";
      const std::string why = named_.settings.empty()
                                  ? "several requests in flight without idempotence"
                                  : SettingsText();
      return {other + " overtook " + Message() + ", whose first attempt failed (" + faults +
              "): " + why + "."};
    }
    case Fate::kFailedReported:
      return {Message() + " is in no log, and its application knows: " + ErrorText() +
                  " after the " + faults + ".",
              Message() + " is in no log, and its application knows: " + ErrorText() + "."};
    case Fate::kGhost:
      return {"The application got " + ErrorText() + ", but " + Message() + " stands at offset " +
                  offset + ": the " + faults + " cost the answer alone.",
              "The application got " + ErrorText() + ", but " + Message() + " stands at offset " +
                  offset + "."};
    case Fate::kInvisible:
      return render::InvisibleSentences(base_.setup(), its_.partition, story_, words);
    case Fate::kSkipped:
      return render::SkippedSentences(story_, words);
    case Fate::kPending:
      return render::PendingSentences(story_, words);
    default:
      return {Message() + " was appended once, at offset " + offset +
              ", copied, acknowledged, and is there at the end."};
  }
}

std::vector<std::string> Sentence::Wordings() const {
  std::vector<std::string> shorter;
  for (const std::string& fault : named_.faults) shorter.push_back(render::ShortFault(fault));
  std::sort(shorter.begin(), shorter.end());
  shorter.erase(std::unique(shorter.begin(), shorter.end()), shorter.end());
  const std::string none = story_.has_finding && story_.finding.incident.exists()
                               ? "end of " + Name(story_.finding.author)
                               : "events of the chain";
  std::vector<std::string> wordings;
  for (const std::vector<std::string>& faults :
       {named_.faults, shorter, std::vector<std::string>{"faults"}}) {
    const std::string text = faults.empty() ? none : render::Joined(faults);
    const std::vector<std::string> some = story_.has_finding                ? Lost(text)
                                          : story_.fate == Fate::kDuplicate ? Twice(text)
                                                                            : Others(text);
    wordings.insert(wordings.end(), some.begin(), some.end());
  }
  return wordings;
}

std::string Sentence::First() const {
  std::string best;
  for (const std::string& text : Wordings()) {
    if (render::WordsOf(text) <= kWordsAtMost) return text;
    if (best.empty() || render::WordsOf(text) < render::WordsOf(best)) best = text;
  }
  return best;
}

}  // namespace

void WriteSentences(const analysis::Case& base, const analysis::Story& story,
                    const kafka::World& world, Explanation& out) {
  constexpr int kMore = 3;
  std::string first = Sentence(base, story, world, out).First();
  const bool starts_with_name = first.substr(0, first.find(' ')).find("m#") != std::string::npos;
  const bool small = !first.empty() && first[0] >= 'a' && first[0] <= 'z';
  if (small && !starts_with_name && !first.starts_with("broker")) {
    first[0] = static_cast<char>(first[0] - 'a' + 'A');
  }
  out.set_first_sentence(first);
  out.clear_sentences();
  for (const std::string& text : story.sequel) {
    if (out.sentences_size() < kMore) out.add_sentences(text);
  }
}

}  // namespace analysis
