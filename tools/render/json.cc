#include "tools/render/json.h"

#include <google/protobuf/util/json_util.h>

#include <string_view>

namespace render {
namespace {

// What protobuf prints of an enum that is 0, "CLASS_UNSPECIFIED", and readers of ours know as "". A
// quote inside a text is escaped, so none is taken for such a name.
std::string WithoutUnspecified(const std::string& json) {
  constexpr std::string_view kEnd = "_UNSPECIFIED\"";
  std::string out;
  size_t from = 0;
  for (size_t at = json.find(kEnd); at != std::string::npos; at = json.find(kEnd, from)) {
    const size_t quote = json.rfind('"', at);
    const std::string_view name(json.data() + quote + 1, at - quote - 1);
    const bool is_enum = json[quote - 1] == ':' &&
                         name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == name.npos;
    out.append(json, from, (is_enum ? quote + 1 : at + kEnd.size() - 1) - from);
    from = at + kEnd.size() - 1;
  }
  return out.append(json, from);
}

}  // namespace

std::string ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  if (!status.ok()) return "{}\n";
  return WithoutUnspecified(text) + "\n";
}

}  // namespace render
