#include "tools/render/first_sentence.h"

#include <algorithm>
#include <array>

#include "tools/render/lists.h"
#include "tools/render/sentence_parts.h"
#include "tools/render/style.h"

namespace render {
namespace {

using answers::Explanation;
using answers::StoryFacts;

constexpr size_t kWordsAtMost = 30;

// The faults in the words of each length: in full, by kind, not at all.
std::vector<std::string> FaultPhrases(const SentenceParts& parts) {
  std::vector<std::string> full;
  std::vector<std::string> brief;
  for (const NamedFault& fault : parts.named.faults) {
    full.push_back(fault.text);
    brief.push_back(fault.brief);
  }
  std::sort(brief.begin(), brief.end());
  brief.erase(std::unique(brief.begin(), brief.end()), brief.end());
  const StoryFacts::Loss& loss = parts.loss();
  const std::string author = loss.author().empty() ? "the leader" : loss.author();
  const std::string none = loss.author_stopped() ? "end of " + author : "events of the chain";
  if (full.empty()) return {none, none, "faults"};
  return {Joined(full), Joined(brief), "faults"};
}

std::vector<std::string> WordingsOf(const SentenceParts& parts, const std::string& faults) {
  if (parts.story().has_loss()) return LossWordings(parts, faults);
  if (parts.explanation.subject().fate() == answers::DUPLICATE) {
    return DuplicateWordings(parts, faults);
  }
  return OtherWordings(parts, faults);
}

// The first wording that is short enough, else the shortest.
std::string Chosen(const SentenceParts& parts) {
  std::string best;
  for (const std::string& faults : FaultPhrases(parts)) {
    for (const std::string& text : WordingsOf(parts, faults)) {
      if (WordsOf(text) <= kWordsAtMost) return text;
      if (best.empty() || WordsOf(text) < WordsOf(best)) best = text;
    }
  }
  return best;
}

// A capital letter in front, unless the sentence begins with the name of a message or a broker.
std::string Capitalised(const SentenceParts& parts, std::string text) {
  const std::array<std::string, 4> names = {parts.message(), parts.story().overtaken_by(),
                                            parts.loss().author(), parts.loss().loser()};
  const bool starts_with_name =
      std::any_of(names.begin(), names.end(),
                  [&](const std::string& name) { return !name.empty() && text.starts_with(name); });
  const bool small = !text.empty() && text[0] >= 'a' && text[0] <= 'z';
  if (small && !starts_with_name) text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string SuccessorSentence(const StoryFacts::Loss& loss) {
  std::string text;
  if (loss.has_leadership()) {
    text = loss.leadership().broker() + " led from epoch " +
           std::to_string(loss.leadership().epoch()) + " with a log that ended at " +
           std::to_string(loss.leadership().log_end());
  }
  for (const StoryFacts::Cut& cut : loss.cuts()) {
    text += (text.empty() ? "" : "; ") + Joined({cut.brokers().begin(), cut.brokers().end()}) +
            " cut off what it lacked, from " + std::to_string(cut.from()) + " to " +
            std::to_string(cut.to());
  }
  return text.empty() ? text : text + ".";
}

std::string OffsetSentence(const Explanation& explanation) {
  const int64_t offset = explanation.subject().offset();
  if (offset < 0) return "";
  const std::string& other = explanation.story().loss().replaced_by();
  if (other.empty()) return "Nothing stands at offset " + std::to_string(offset) + " now.";
  return "Offset " + std::to_string(offset) + " now holds a different message (" + other + ").";
}

std::string TogetherSentence(const Explanation& explanation) {
  const uint32_t together = explanation.subject().together();
  return together < 2 ? "" : Grouped(together) + " messages met this end together.";
}

}  // namespace

void FillFirstSentences(Explanation& explanation) {
  const Named named = NamedIn(explanation);
  const SentenceParts parts{explanation, named};
  explanation.set_first_sentence(Capitalised(parts, Chosen(parts)));
  explanation.clear_sentences();
  if (!explanation.story().has_loss()) return;
  for (const std::string& text : {SuccessorSentence(explanation.story().loss()),
                                  OffsetSentence(explanation), TogetherSentence(explanation)}) {
    if (!text.empty()) explanation.add_sentences(text);
  }
}

}  // namespace render
