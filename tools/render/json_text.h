// tools/render/json_text.h
//
// Small JSON objects that are no protobuf message: fields in the order in which they were added.
#ifndef TOOLS_RENDER_JSON_TEXT_H_
#define TOOLS_RENDER_JSON_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

namespace render {

// "\"text\"": control characters and what is no UTF-8 are escaped.
std::string JsonString(std::string_view text);

class JsonObject {
 public:
  void Add(std::string_view name, const std::string& text) { Raw(name, JsonString(text)); }
  void Add(std::string_view name, const char* text) { Raw(name, JsonString(text)); }
  void Add(std::string_view name, bool value) { Raw(name, value ? "true" : "false"); }
  void Add(std::string_view name, int value) { Raw(name, std::to_string(value)); }
  void Add(std::string_view name, const std::vector<std::string>& texts);
  void Add(std::string_view name, const JsonObject& object) { Raw(name, object.Text()); }

  // Without a line end.
  std::string Text() const { return "{" + fields_ + "}"; }

 private:
  void Raw(std::string_view name, std::string_view value);

  std::string fields_;
};

}  // namespace render

#endif  // TOOLS_RENDER_JSON_TEXT_H_
