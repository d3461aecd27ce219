#include "scenarios/loader/check.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <set>

#include "scenarios/kafka_config/text.h"
#include "scenarios/loader/units.h"

namespace loader {
namespace {

namespace pb = ::google::protobuf;

bool IsName(std::string_view text, std::string_view others) {
  if (text.empty() || text.size() > 249) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || others.find(c) != others.npos ||
           (c >= 'A' && c <= 'Z' && others.find('A') != others.npos);
  });
}

bool IsUtf8(std::string_view text) {
  return kafka_config::FindInvalidUtf8(text) == std::string::npos;
}

// The text format writes any byte as an escape; an answer could not hold it.
void CheckString(const std::string& value, const std::string& path, Findings& out) {
  const size_t at = kafka_config::FindInvalidUtf8(value);
  if (at == std::string::npos) return;
  out.Wrong(path, value,
            kafka_config::Cat("is not UTF-8, from its byte ", std::to_string(at), " on"));
}

// What the text format lets pass: an enum's number that has no name, and a string of any bytes.
void CheckValues(const pb::Message& message, const std::string& prefix, Findings& out) {
  std::vector<const pb::FieldDescriptor*> fields;
  const pb::Reflection& reflection = *message.GetReflection();
  reflection.ListFields(message, &fields);
  for (const pb::FieldDescriptor* field : fields) {
    const bool repeated = field->is_repeated();
    const int count = repeated ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      const std::string path = kafka_config::Cat(
          prefix, repeated ? Indexed(field->name(), i) : std::string(field->name()));
      if (field->cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE) {
        const pb::Message& nested = repeated ? reflection.GetRepeatedMessage(message, field, i)
                                             : reflection.GetMessage(message, field);
        CheckValues(nested, kafka_config::Cat(path, "."), out);
      }
      if (field->cpp_type() == pb::FieldDescriptor::CPPTYPE_STRING) {
        CheckString(repeated ? reflection.GetRepeatedString(message, field, i)
                             : reflection.GetString(message, field),
                    path, out);
      }
      if (field->cpp_type() != pb::FieldDescriptor::CPPTYPE_ENUM) continue;
      const int value = repeated ? reflection.GetRepeatedEnumValue(message, field, i)
                                 : reflection.GetEnumValue(message, field);
      const bool known = field->enum_type()->FindValueByNumber(value) != nullptr;
      if (!known || (repeated && value == 0)) {
        out.Wrong(path, std::to_string(value), "is no value of this field");
      }
    }
  }
}

void CheckHead(const proto::Scenario& scenario, Findings& out) {
  if (scenario.name().empty()) {
    out.Missing("name", "", "a scenario wants a name");
  } else if (!IsName(scenario.name(), "_")) {
    out.Wrong("name", scenario.name(), "may hold a-z, 0-9 and _ only");
  }
  const std::string& claim = scenario.claim();
  if (!claim.empty() && (!claim.starts_with("CL:") || !IsName(claim.substr(3), "A"))) {
    out.Wrong("claim", claim, "is no id of a claim, as \"CL:B8\"");
  }
  if (!scenario.profile().empty() && scenario.profile() != "kafka-4.3") {
    out.Wrong("profile", scenario.profile(), "is not a profile", "kafka-4.3");
  }
  if (!scenario.client().empty() && scenario.client() != "java") {
    out.Wrong("client", scenario.client(), "is not a client that is modelled", "java");
  }
  out.Duration("time_limit", scenario.time_limit(), sim::Milliseconds(1));
  for (int i = 0; i < scenario.set_size(); ++i) {
    if (scenario.set(i).find('=') != std::string::npos) continue;
    out.Wrong(Indexed("set", i), "", "is no setting, as \"producer:acks=all\"");
  }
  for (int i = 0; i < scenario.mutant_size(); ++i) {
    if (IsName(scenario.mutant(i), "_")) continue;
    out.Wrong(Indexed("mutant", i), scenario.mutant(i), "may hold a-z, 0-9 and _ only");
  }
}

}  // namespace

void Findings::Wrong(std::string_view path, std::string_view value, std::string_view message,
                     std::string_view suggestion) {
  all_.push_back({.position = InnermostPlace(positions_, path, file_),
                  .field = std::string(path),
                  .value = kafka_config::Printable(value),
                  .message = std::string(message),
                  .suggestion = std::string(suggestion)});
}

void Findings::Missing(std::string_view path, std::string_view value, std::string_view message,
                       std::string_view suggestion) {
  if (!mode_.has_typos) Wrong(path, value, message, suggestion);
}

void Findings::Range(std::string_view path, int64_t value, int64_t min, int64_t max) {
  if (value >= min && value <= max) return;
  Wrong(path, std::to_string(value),
        kafka_config::Cat("is not in ", std::to_string(min), "..", std::to_string(max)));
}

void Findings::Duration(std::string_view path, std::string_view text, sim::Duration min,
                        sim::Duration max, std::string_view why) {
  if (text.empty() || !IsUtf8(text)) return;  // the second has been said
  const std::optional<sim::Duration> duration = ParseDuration(text);
  if (!duration) {
    return Wrong(path, text,
                 "is no duration: a number, a unit (ns, us, ms, s, m, h), at most 24h, as \"30s\"");
  }
  if (*duration >= min && *duration <= max) return;
  Wrong(path, text,
        kafka_config::Cat("is not in ", DurationText(min), "..", DurationText(max),
                          why.empty() || *duration > max ? "" : ": ", *duration > max ? "" : why));
}

void Findings::Ordered(std::string_view min_path, std::string_view min_text,
                       std::string_view max_path, std::string_view max_text) {
  const std::optional<sim::Duration> min = ParseDuration(min_text);
  const std::optional<sim::Duration> max = ParseDuration(max_text);
  if (max && !min) Missing(max_path, max_text, kafka_config::Cat("wants ", min_path, " beside it"));
  if (max && min && *max < *min)
    Wrong(max_path, max_text, kafka_config::Cat("is less than ", min_path));
}

void Findings::Size(std::string_view path, std::string_view text, int64_t min, int64_t max) {
  if (text.empty() || !IsUtf8(text)) return;
  const std::optional<int64_t> size = ParseSize(text);
  if (!size) {
    return Wrong(path, text, "is no size: a number and a unit (B, KiB, MiB, GiB), as \"16KiB\"");
  }
  if (*size >= min && *size <= max) return;
  Wrong(path, text,
        kafka_config::Cat("is not in ", std::to_string(min), "..", std::to_string(max), " bytes"));
}

std::string Indexed(std::string_view list, int index) {
  return kafka_config::Cat(list, "[", std::to_string(index), "]");
}

void CheckExpectations(const pb::RepeatedPtrField<proto::Expectation>& expectations,
                       std::string_view path, Findings& out) {
  std::set<int> seen;
  for (int i = 0; i < expectations.size(); ++i) {
    const proto::Expectation& expectation = expectations[i];
    const std::string at = Indexed(path, i);
    if (expectation.property() == proto::PROPERTY_UNSPECIFIED) {
      out.Missing(kafka_config::Cat(at, ".property"), "", "an expectation names a property");
    } else if (!seen.insert(expectation.property()).second) {
      out.Wrong(kafka_config::Cat(at, ".property"), proto::Property_Name(expectation.property()),
                "stands twice in one list");
    }
    if (expectation.status() == proto::STATUS_UNSPECIFIED) {
      out.Missing(kafka_config::Cat(at, ".status"), "",
                  "an expectation wants HELD, BROKEN or INCONCLUSIVE");
    }
    if (expectation.class_() != proto::CLASS_UNSPECIFIED && expectation.status() != proto::BROKEN) {
      out.Missing(kafka_config::Cat(at, ".class"), proto::LossClass_Name(expectation.class_()),
                  "only a BROKEN property has a class");
    }
  }
}

void CheckSettings(const pb::RepeatedPtrField<proto::Setting>& settings, std::string_view path,
                   Findings& out) {
  std::set<std::string> seen;
  for (int i = 0; i < settings.size(); ++i) {
    const std::string at = Indexed(path, i);
    const std::string& key = settings[i].key();
    if (key.empty()) {
      out.Missing(kafka_config::Cat(at, ".key"), "", "a setting wants a key");
    } else if (!seen.insert(key).second) {
      out.Wrong(kafka_config::Cat(at, ".key"), key, "is set twice");
    }
  }
}

void CheckScenario(const proto::Scenario& scenario, Findings& out) {
  CheckValues(scenario, "", out);
  CheckHead(scenario, out);
  CheckCluster(scenario, out);
  CheckPrograms(scenario, out);
  CheckFaults(scenario, out);
  CheckExpectations(scenario.predicts(), "predicts", out);
  CheckExpectations(scenario.expect(), "expect", out);
}

}  // namespace loader
