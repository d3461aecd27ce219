// tools/render/sentence_parts.h
//
// What a first sentence may name, and its wordings by the end that the message met.
//
// Wordings come the fullest first. `faults` is a phrase without article: "kill of broker-1
// (leader)".
#ifndef TOOLS_RENDER_SENTENCE_PARTS_H_
#define TOOLS_RENDER_SENTENCE_PARTS_H_

#include <string>
#include <vector>

#include "tools/answers/explanation.pb.h"

namespace render {

struct NamedFault {
  std::string text;   // "kill of broker-1 (leader)"
  std::string brief;  // "kill"
};

struct Named {
  std::vector<std::string> settings;  // "acks=1", "flush.messages unset"
  bool first_is_unset = false;        // the first of them
  std::vector<NamedFault> faults;
  std::string bug;  // what the planted bug does
};
Named NamedIn(const answers::Explanation& explanation);

// An explanation with what its first sentence may name.
struct SentenceParts {
  const answers::Explanation& explanation;
  const Named& named;

  const answers::StoryFacts& story() const { return explanation.story(); }
  const answers::StoryFacts::Loss& loss() const { return explanation.story().loss(); }
  const std::string& message() const { return explanation.subject().message(); }
  // "Because acks=1, " or, without a setting, nothing.
  std::string because() const;
  std::string settings() const;
};

std::vector<std::string> LossWordings(const SentenceParts& parts, const std::string& faults);
std::vector<std::string> BrokenPromiseWordings(const SentenceParts& parts,
                                               const std::string& faults);
std::vector<std::string> DuplicateWordings(const SentenceParts& parts, const std::string& faults);
// Every other end.
std::vector<std::string> OtherWordings(const SentenceParts& parts, const std::string& faults);

}  // namespace render

#endif  // TOOLS_RENDER_SENTENCE_PARTS_H_
