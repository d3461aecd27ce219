#include "tools/render/story_words.h"

#include <algorithm>
#include <sstream>

namespace render {
namespace {

std::string WithoutPrefix(const std::string& text, const std::string& prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

}  // namespace

size_t WordsOf(const std::string& text) {
  std::istringstream words(text);
  size_t count = 0;
  for (std::string word; words >> word;) ++count;
  return count;
}

std::string Joined(const std::vector<std::string>& parts) {
  std::string text;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " and " : ", ";
    text += parts[i];
  }
  return text;
}

std::string SettingText(const std::string& name) {
  const size_t equals = name.find('=');
  const size_t colon = name.substr(0, equals).find(':');
  std::string text = colon == std::string::npos ? name : name.substr(colon + 1);
  for (const std::string unset : {"=9223372036854775807", "=unset"}) {
    if (text.ends_with(unset)) return text.substr(0, text.size() - unset.size()) + " unset";
  }
  return text;
}

std::string FaultOf(const std::string& text) {
  std::string fault = WithoutPrefix(text, "the ");
  const size_t leader = fault.find(", leader of ");
  if (leader != std::string::npos) fault = fault.substr(0, leader);
  const std::string host = "'s host";
  for (size_t at = fault.find(host); at != std::string::npos; at = fault.find(host)) {
    fault.erase(at, host.size());
  }
  const bool of_links =
      fault.find(" to ") != std::string::npos || fault.find(" from ") != std::string::npos;
  return fault + (leader != std::string::npos && !of_links ? " (leader)" : "");
}

void AddOnce(std::vector<std::string>& all, const std::string& text) {
  if (std::find(all.begin(), all.end(), text) == all.end()) all.push_back(text);
}

std::string ShortFault(const std::string& text) {
  std::string word = WithoutPrefix(text, "the ");
  for (const char* stop : {" of ", " between "}) word = word.substr(0, word.find(stop));
  return word;
}

}  // namespace render
