// tools/render/lists.h
//
// Several things in one sentence.
#ifndef TOOLS_RENDER_LISTS_H_
#define TOOLS_RENDER_LISTS_H_

#include <cstddef>
#include <string>
#include <vector>

namespace render {

// "a, b and c".
std::string Joined(const std::vector<std::string>& parts);

// Words of a text, as spaces part them.
size_t WordsOf(const std::string& text);

}  // namespace render

#endif  // TOOLS_RENDER_LISTS_H_
