// First sentences about messages that were lost.
#include "tools/render/sentence_parts.h"
#include "tools/render/words.h"

namespace render {
namespace {

using answers::StoryFacts;
using Wordings = std::vector<std::string>;

std::string Author(const StoryFacts::Loss& loss) {
  return loss.author().empty() ? "the leader" : loss.author();
}
std::string Loser(const StoryFacts::Loss& loss) {
  return loss.loser().empty() ? "the leader" : loss.loser();
}

// The leader alone had it, and another one came, or the same one without it.
Wordings LeaderWordings(const SentenceParts& parts, const std::string& faults) {
  const StoryFacts::Loss& loss = parts.loss();
  const std::string author = Author(loss);
  const std::string loser = Loser(loss);
  const std::string because = parts.because();
  if (loss.acks() == 0 && loss.loser() != loss.author()) {
    return {because + "nobody waited for a copy of " + parts.message() + "; the " + faults +
                " left " + loser + " to lead without it.",
            because + "nobody waited for a copy; " + loser + " led without it: " + faults + "."};
  }
  if (parts.explanation.mechanism() == answers::LEADER_REPLACED_ALIVE) {
    const std::string did = parts.story().told() ? " said \"stored\"" : " took " + parts.message();
    const std::string replaced =
        because + author + did + " without a copy on " + loser + ", which replaced it";
    if (parts.named.faults.empty()) return {replaced + "; then " + author + " truncated."};
    return {replaced + " after the " + faults + "; then " + author + " truncated.",
            replaced + ": " + faults + "."};
  }
  const std::string said =
      parts.story().told() && loss.acks() != 0 ? author + " said \"stored\"" : author + " had it";
  if (loss.loser() == loss.author() || loss.loser().empty()) {
    return {because + said + " alone, and lost it in the " + faults + " before anybody had a copy.",
            because + said + " alone, and lost it: " + faults + "."};
  }
  return {because + said + " before " + loser + " had a copy; the " + faults + " left " + loser +
              " to lead without it.",
          because + said + " before " + loser +
              " had a copy, which then led without it: " + faults + "."};
}

// Copies went with page caches, or a leader came that never had one.
Wordings CacheWordings(const SentenceParts& parts, const std::string& faults) {
  const std::string loser = Loser(parts.loss());
  const std::string because = parts.because();
  const std::string& message = parts.message();
  switch (parts.explanation.mechanism()) {
    case answers::ALL_COPIES_UNSYNCED: {
      const std::string copies = parts.loss().replicas() < 2 ? "the only copy" : "every copy";
      return {because + copies + " of " + message + " was still in page cache when the " + faults +
                  " erased it.",
              because + copies + " was still in page cache: " + faults + "."};
    }
    case answers::SOLE_MEMBER_LOST_CACHE:
      return {because + loser + ", the only electable replica, lost " + message +
                  " with its page cache in the " + faults + ", and led without it.",
              because + loser +
                  ", the only electable replica, lost it with its page cache: " + faults + "."};
    case answers::MEMBER_LOST_CACHE:
      return {loser + " lost " + message + " with its page cache in the " + faults +
                  ", and yet was elected.",
              loser + " lost it with its page cache, and yet was elected: " + faults + "."};
    case answers::DISK_LOST:
      return {"the last copy of " + message + " that could be elected went with its disk in the " +
                  faults + "; " + loser + " led without it.",
              "the last copy that could be elected went with its disk: " + faults + "."};
    case answers::LAST_KNOWN_LEADER:
      return {
          because + "nobody eligible was left after the " + faults + "; the last known leader " +
              loser + " had lost " + message + " with its page cache.",
          because + "last known leader " + loser + " led with a lost page cache: " + faults + "."};
    default:
      return {because + loser + " was elected out of sync after the " + faults + ", without " +
                  message + ".",
              because + loser + " was elected out of sync without it: " + faults + "."};
  }
}

// How a bug lost it.
std::string EndByBug(const SentenceParts& parts) {
  const std::string loser = Loser(parts.loss());
  switch (parts.explanation.mechanism()) {
    case answers::TRUNCATED_INTACT_COPY:
      return "whole copies were cut off to match " + loser;
    case answers::ACKED_UNWRITTEN:
      return "it was acknowledged without having been written";
    case answers::MEMBER_LOST_CACHE:
      return loser + " led without what its page cache had lost";
    default:
      return loser + " led without it";
  }
}

// Kafka's own race (docs/fidelity.md).
Wordings ForgottenJoinWordings(const SentenceParts& parts, const std::string& faults) {
  const std::string author = Author(parts.loss());
  const std::string loser = Loser(parts.loss());
  return {author + " committed it without " + loser +
              ", which it had proposed for the ISR and forgotten; after the " + faults + " " +
              loser + " led: a race of Kafka's own.",
          author + " forgot that it had proposed " + loser + " for the ISR; " + loser +
              " led without it (" + faults + ")."};
}

// The producer had it last.
Wordings ProducerWordings(const SentenceParts& parts, const std::string& faults) {
  const std::string because = parts.because();
  const std::string& message = parts.message();
  const std::string& error = parts.story().error();
  switch (parts.explanation.mechanism()) {
    case answers::NEVER_REACHED_LOG:
      return {because + "sending " + message + " counted as success, but no leader wrote it: the " +
                  faults + " took it away on its way.",
              because + "sending it counted as success, but no leader wrote it: " + faults + "."};
    case answers::PRODUCER_DIED:
      return {"The producer's process ended (" + faults + ") with " + message +
              " still in its memory; nobody was told."};
    default:
      return {message + " failed with " + error + " after the " + faults +
                  ", and nobody learnt of it: the program has no callback.",
              message + " failed with " + error + ", and nobody learnt of it: no callback (" +
                  faults + ")."};
  }
}

}  // namespace

Wordings BrokenPromiseWordings(const SentenceParts& parts, const std::string& faults) {
  if (parts.explanation.mechanism() == answers::FORGOTTEN_JOIN) {
    return ForgottenJoinWordings(parts, faults);
  }
  const std::string& what = parts.named.bug;
  const std::string bug = what.empty() ? "For no known reason" : "A bug (" + what + ")";
  const std::string end = EndByBug(parts);
  return {bug + " broke the promise of " + AcksText(parts.loss().acks()) + ": after the " + faults +
              ", " + end + ".",
          bug + " broke the promise: " + end + " (" + faults + ").",
          "A bug broke the promise: " + end + " (" + faults + ")."};
}

Wordings LossWordings(const SentenceParts& parts, const std::string& faults) {
  if (parts.explanation.subject().class_() == answers::PROMISE_BROKEN) {
    return BrokenPromiseWordings(parts, faults);
  }
  switch (parts.explanation.mechanism()) {
    case answers::LEADER_DIED_BEFORE_COPY:
    case answers::LEADER_LOST_POWER_BEFORE_COPY:
    case answers::LEADER_STOPPED_BEFORE_COPY:
    case answers::LEADER_REPLACED_ALIVE:
      return LeaderWordings(parts, faults);
    case answers::NEVER_REACHED_LOG:
    case answers::PRODUCER_DIED:
    case answers::ERROR_NOT_LOOKED_AT:
      return ProducerWordings(parts, faults);
    default:
      return CacheWordings(parts, faults);
  }
}

}  // namespace render
