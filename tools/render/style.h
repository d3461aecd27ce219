// tools/render/style.h
//
// Colour, glyphs and widths of what people read. Meaning never rests on colour alone: glyph, word
// and colour say the same.
#ifndef TOOLS_RENDER_STYLE_H_
#define TOOLS_RENDER_STYLE_H_

#include <string>
#include <string_view>

namespace render {

enum class Tone { kPlain, kGood, kBad, kWarn, kDim, kBold };

struct Style {
  bool color = false;
  bool ascii = false;

  std::string Paint(Tone tone, std::string_view text) const;
  const char* good() const { return ascii ? "[ok]" : "✓"; }
  const char* bad() const { return ascii ? "[X]" : "✗"; }
  const char* open() const { return ascii ? "[?]" : "?"; }
};

enum class ColorChoice { kAuto, kAlways, kNever };

// `stream_fd`: 1 or 2. Honours NO_COLOR, TERM=dumb and a stream that is no terminal; `ascii` also
// if the locale of the environment is not UTF-8.
Style MakeStyle(ColorChoice color, bool ascii, int stream_fd);

// "1 000 000": thousands apart by a space.
std::string Grouped(uint64_t number);

// Left- or right-aligned in `width` columns; counts characters, not bytes.
std::string PadRight(std::string_view text, size_t width);
std::string PadLeft(std::string_view text, size_t width);
size_t Columns(std::string_view text);
// Lines of at most `width` columns, each behind `indent`; breaks at blanks only.
std::string Wrapped(const std::string& text, const std::string& indent, size_t width);

}  // namespace render

#endif  // TOOLS_RENDER_STYLE_H_
