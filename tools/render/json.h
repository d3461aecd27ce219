// tools/render/json.h
//
// Results as JSON: protobuf's own, with the proto's field names.
#ifndef TOOLS_RENDER_JSON_H_
#define TOOLS_RENDER_JSON_H_

#include <google/protobuf/message.h>

#include <string>
#include <vector>

namespace render {

// One object and a line end. Every field is there, also those that hold nothing.
std::string ToJson(const google::protobuf::Message& message);

// A row of `scenario list --format json`.
struct JsonField {
  std::string name;
  std::string folder;
  std::string claim;
  std::string why;
};
std::string ScenarioListJson(const std::vector<JsonField>& rows);

}  // namespace render

#endif  // TOOLS_RENDER_JSON_H_
