// Which message a question means.
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "tools/analysis/explain.h"
#include "tools/answers/names.h"

namespace analysis {
namespace {

using kafka::MessageId;
using kafka::ledger::Fate;

// From worst to mildest: what "the worst" means where no finding says it.
constexpr std::array kBadEnds = {Fate::kLostAfterAck, Fate::kLostSilent, Fate::kDuplicate,
                                 Fate::kReordered,    Fate::kSkipped,    Fate::kInvisible,
                                 Fate::kGhost,        Fate::kPending,    Fate::kFailedReported};

struct FateWord {
  const char* word;
  std::array<Fate, 2> fates;
};
constexpr std::array kFateWords = {
    FateWord{"lost", {Fate::kLostAfterAck, Fate::kLostSilent}},
    FateWord{"silent", {Fate::kLostSilent, Fate::kLostSilent}},
    FateWord{"duplicate", {Fate::kDuplicate, Fate::kDuplicate}},
    FateWord{"reordered", {Fate::kReordered, Fate::kReordered}},
    FateWord{"failed", {Fate::kFailedReported, Fate::kFailedReported}},
    FateWord{"ghost", {Fate::kGhost, Fate::kGhost}},
    FateWord{"invisible", {Fate::kInvisible, Fate::kInvisible}},
    FateWord{"pending", {Fate::kPending, Fate::kPending}},
    FateWord{"skipped", {Fate::kSkipped, Fate::kSkipped}},
    FateWord{"ok", {Fate::kOk, Fate::kOk}},
};

using Found = absl::StatusOr<MessageId>;

Found NotFound(const std::string& text) { return absl::NotFoundError(text + "\n"); }

uint32_t MessageCount(const kafka::World& world) {
  return static_cast<uint32_t>(world.observer.truth.ledger.messages.size());
}

// The first message that `matches` and met one of `fates`; none: there is none.
template <typename F>
MessageId First(const Case& base, const kafka::World& world, std::array<Fate, 2> fates, F matches) {
  const kafka::ledger::FinalRead& read = base.outcome.verdict.read;
  for (uint32_t i = 0; i < MessageCount(world); ++i) {
    const bool bad = std::find(fates.begin(), fates.end(), read.fates[i]) != fates.end();
    if (read.counted[i] && bad && matches(MessageId{i})) return {i};
  }
  return MessageId::None();
}

template <typename F>
MessageId WorstOf(const Case& base, const kafka::World& world, F matches) {
  for (const Fate fate : kBadEnds) {
    const MessageId found = First(base, world, {fate, fate}, matches);
    if (found.exists()) return found;
  }
  return First(base, world, {Fate::kOk, Fate::kOk}, matches);
}

Found Worst(const Case& base, const kafka::World& world) {
  const kafka::ledger::Finding* worst = nullptr;
  for (const kafka::ledger::Finding& finding : base.outcome.verdict.findings) {
    if (finding.messages.empty()) continue;
    if (worst == nullptr || finding.loss_class > worst->loss_class) worst = &finding;
  }
  if (worst != nullptr) return worst->messages.front();
  const MessageId bad = WorstOf(base, world, [](MessageId) { return true; });
  if (!bad.exists()) return NotFound("nothing was sent in this run: there is nothing to explain");
  return bad;
}

// "orders-0@497": whoever stood there first and met the worst end.
Found AtOffset(const Case& base, const kafka::World& world, const std::string& text) {
  const size_t at = text.rfind('@');
  const std::string partition = text.substr(0, at);
  int64_t offset = -1;
  const auto [end, error] =
      std::from_chars(text.data() + at + 1, text.data() + text.size(), offset);
  if (error != std::errc{} || end != text.data() + text.size() || offset < 0) {
    return NotFound("'" + text + "': " + text.substr(at + 1) + " is no offset");
  }
  for (uint16_t p = 0; p < base.setup().partitions.size(); ++p) {
    if (answers::NameOfPartition(base.setup(), {p}) != partition) continue;
    std::vector<MessageId> stood;
    for (const kafka::Appended& entry : world.tables.appended[p].entries) {
      const auto place = offset - entry.base().value;
      MessageId message = world.tables[entry.batch].first;
      if (place < 0 || place >= static_cast<int64_t>(world.tables[entry.batch].count)) continue;
      for (int64_t i = 0; i < place; ++i) message = world.tables[message].next;
      stood.push_back(message);
    }
    if (stood.empty()) return NotFound("nothing was ever written at " + text);
    const MessageId found = WorstOf(base, world, [&](MessageId id) {
      return std::find(stood.begin(), stood.end(), id) != stood.end();
    });
    return found.exists() ? found : stood.front();
  }
  return NotFound("'" + text + "': there is no partition " + partition + " in this run");
}

Found ByName(const Case& base, const kafka::World& world, const std::string& text) {
  for (uint32_t i = 0; i < MessageCount(world); ++i) {
    if (!base.outcome.verdict.read.counted[i]) continue;
    if (answers::NameOfMessage(base.setup(), world.tables, {i}) == text) return MessageId{i};
  }
  return NotFound("no message " + text + " was sent in this run" +
                  (base.setup().producers.size() > 1 && text.find('/') == std::string::npos
                       ? "; with several producers it is PRODUCER/" + text
                       : ""));
}

Found OfKey(const Case& base, const kafka::World& world, const std::string& text) {
  uint32_t key = 0;
  const char* from = text.data() + (text.starts_with("k") ? 1 : 0);
  const auto [end, error] = std::from_chars(from, text.data() + text.size(), key);
  if (error != std::errc{} || end != text.data() + text.size() || end == from) {
    return NotFound("--key: '" + text + "' is no key of a simulated program: these are numbers");
  }
  const MessageId found = WorstOf(base, world, [&](MessageId id) {
    const kafka::Message& message = world.tables[id];
    const uint32_t keys = base.setup().producers[message.producer.value].program.keys;
    return keys != 0 && message.number % keys == key;
  });
  if (found.exists()) return found;
  return NotFound("--key: no message with key " + text + " was sent in this run");
}

Found FirstOf(const Case& base, const kafka::World& world, const std::string& text) {
  std::string words;
  for (const FateWord& word : kFateWords) {
    words += (words.empty() ? "" : ", ") + std::string(word.word);
    if (text != word.word) continue;
    const MessageId found = First(base, world, word.fates, [](MessageId) { return true; });
    if (found.exists()) return found;
    return NotFound("no message of this run is " + text + ": there is nothing to explain");
  }
  return NotFound("--first: '" + text + "' is none of " + words);
}

}  // namespace

absl::StatusOr<MessageId> FindSubject(const Case& base, const kafka::World& world,
                                      const Question& question) {
  if (question.key) return OfKey(base, world, *question.key);
  if (question.first) return FirstOf(base, world, *question.first);
  if (!question.message) return Worst(base, world);
  if (question.message->find('@') != std::string::npos) {
    return AtOffset(base, world, *question.message);
  }
  return ByName(base, world, *question.message);
}

bool IsMessageName(const std::string& word) {
  const size_t at = word.rfind("m#");
  if (at != std::string::npos && (at == 0 || word[at - 1] == '/')) {
    const std::string number = word.substr(at + 2);
    return !number.empty() && number.find_first_not_of("0123456789") == std::string::npos;
  }
  const size_t sign = word.rfind('@');
  return sign != std::string::npos && sign > 0 && sign + 1 < word.size() &&
         word.find_first_not_of("0123456789", sign + 1) == std::string::npos;
}

}  // namespace analysis
