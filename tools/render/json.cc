#include "tools/render/json.h"

#include <google/protobuf/util/json_util.h>

#include "tools/answers/result.pb.h"

namespace render {

std::string ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  if (!status.ok()) return "{}\n";
  return text + "\n";
}

std::string ScenarioListJson(const std::vector<JsonField>& rows) {
  answers::ScenarioList list;
  for (const JsonField& row : rows) {
    auto* entry = list.add_scenarios();
    entry->set_name(row.name);
    entry->set_folder(row.folder);
    entry->set_claim(row.claim);
    entry->set_why(row.why);
  }
  return ToJson(list);
}

}  // namespace render
