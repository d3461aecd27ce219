// tools/render/json.h
//
// Answers as JSON: protobuf's own, with the proto's field names.
#ifndef TOOLS_RENDER_JSON_H_
#define TOOLS_RENDER_JSON_H_

#include <google/protobuf/message.h>

#include <string>

namespace render {

// One object and a line end. Every field is there, also those that hold nothing; an enum is its
// name, and "" where nothing is said.
std::string ToJson(const google::protobuf::Message& message);

}  // namespace render

#endif  // TOOLS_RENDER_JSON_H_
