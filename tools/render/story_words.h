// tools/render/story_words.h
//
// Words of a first sentence: how causes are named where there is little room.
#ifndef TOOLS_RENDER_STORY_WORDS_H_
#define TOOLS_RENDER_STORY_WORDS_H_

#include <string>
#include <vector>

namespace render {

size_t WordsOf(const std::string& text);
// "a, b and c".
std::string Joined(const std::vector<std::string>& parts);
// "producer:acks=1" -> "acks=1"; no limit is "unset".
std::string SettingText(const std::string& name);
// "the kill of broker-1, leader of orders-0" -> "kill of broker-1 (leader)".
std::string FaultOf(const std::string& text);
// "kill of broker-1 (leader)" -> "kill".
std::string ShortFault(const std::string& text);
void AddOnce(std::vector<std::string>& all, const std::string& text);

}  // namespace render

#endif  // TOOLS_RENDER_STORY_WORDS_H_
