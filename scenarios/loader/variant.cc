#include "scenarios/loader/variant.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/util/field_mask_util.h>
#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <set>

#include "scenarios/kafka_config/text.h"

namespace loader {
namespace {

namespace pb = ::google::protobuf;

bool IsMessage(const pb::FieldDescriptor& field) {
  return field.cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE;
}

// Of one field of two messages of one type; `index` -1 if it is no list.
const pb::Message& ValueOf(const pb::Message& message, const pb::FieldDescriptor* field,
                           int index) {
  const pb::Reflection& reflection = *message.GetReflection();
  return index < 0 ? reflection.GetMessage(message, field)
                   : reflection.GetRepeatedMessage(message, field, index);
}

class Differ {
 public:
  void Compare(const pb::Message& a, const pb::Message& b, const std::string& prefix) {
    const pb::Descriptor& type = *a.GetDescriptor();
    for (int i = 0; i < type.oneof_decl_count(); ++i) {
      if (!type.oneof_decl(i)->field(0)->has_optional_keyword()) {
        CompareChoice(a, b, type.oneof_decl(i), prefix);
      }
    }
    for (int i = 0; i < type.field_count(); ++i) {
      const pb::FieldDescriptor* field = type.field(i);
      if (field->real_containing_oneof() == nullptr) CompareField(a, b, field, prefix);
    }
  }

  std::vector<std::string> paths;

 private:
  void CompareChoice(const pb::Message& a, const pb::Message& b, const pb::OneofDescriptor* choice,
                     const std::string& prefix) {
    const pb::FieldDescriptor* in_a = a.GetReflection()->GetOneofFieldDescriptor(a, choice);
    const pb::FieldDescriptor* in_b = b.GetReflection()->GetOneofFieldDescriptor(b, choice);
    if (in_a == nullptr && in_b == nullptr) return;
    if (in_a == in_b) return CompareField(a, b, in_a, prefix);
    paths.push_back(kafka_config::Cat(prefix, (in_a != nullptr ? in_a : in_b)->name()));
  }

  void CompareField(const pb::Message& a, const pb::Message& b, const pb::FieldDescriptor* field,
                    const std::string& prefix) {
    const std::string path = kafka_config::Cat(prefix, field->name());
    if (!IsMessage(*field)) {
      if (!SameValues(a, b, field)) paths.push_back(path);
      return;
    }
    if (!field->is_repeated()) {
      return Compare(ValueOf(a, field, -1), ValueOf(b, field, -1), kafka_config::Cat(path, "."));
    }
    const int size = a.GetReflection()->FieldSize(a, field);
    if (size != b.GetReflection()->FieldSize(b, field)) return paths.push_back(path);
    for (int i = 0; i < size; ++i) {
      Compare(ValueOf(a, field, i), ValueOf(b, field, i), kafka_config::Cat(Indexed(path, i), "."));
    }
  }

  static bool SameValues(const pb::Message& a, const pb::Message& b,
                         const pb::FieldDescriptor* field) {
    if (field->has_presence() &&
        a.GetReflection()->HasField(a, field) != b.GetReflection()->HasField(b, field)) {
      return false;
    }
    return pb::util::MessageDifferencer().CompareWithFields(a, b, {field}, {field});
  }
};

// The field by which the elements of a list know each other, or null.
const pb::FieldDescriptor* IdentityOf(const pb::Descriptor& type) {
  for (const char* name : {"name", "key", "id"}) {
    if (const pb::FieldDescriptor* field = type.FindFieldByName(name)) return field;
  }
  return nullptr;
}

class Patcher {
 public:
  void Lay(const pb::Message& patch, pb::Message& onto, const std::string& prefix) {
    std::vector<const pb::FieldDescriptor*> fields;
    patch.GetReflection()->ListFields(patch, &fields);
    for (const pb::FieldDescriptor* field : fields) LayField(patch, onto, field, prefix);
  }

  std::vector<std::string> unmatched;

 private:
  void LayField(const pb::Message& patch, pb::Message& onto, const pb::FieldDescriptor* field,
                const std::string& prefix) {
    const std::string path = kafka_config::Cat(prefix, field->name());
    const pb::Reflection& reflection = *onto.GetReflection();
    if (IsMessage(*field) && field->is_repeated()) return LayList(patch, onto, field, path);
    if (IsMessage(*field)) {
      return Lay(ValueOf(patch, field, -1), *reflection.MutableMessage(&onto, field),
                 kafka_config::Cat(path, "."));
    }
    // One value, or a list of plain values that is replaced whole.
    if (field->is_repeated()) reflection.ClearField(&onto, field);
    OnlyField(patch, field, onto);
  }

  // Copies one field of plain values, through a message that holds nothing else.
  static void OnlyField(const pb::Message& patch, const pb::FieldDescriptor* keep,
                        pb::Message& onto) {
    std::unique_ptr<pb::Message> only(patch.New());
    only->CopyFrom(patch);
    std::vector<const pb::FieldDescriptor*> fields;
    only->GetReflection()->ListFields(*only, &fields);
    for (const pb::FieldDescriptor* field : fields) {
      if (field != keep) only->GetReflection()->ClearField(only.get(), field);
    }
    onto.MergeFrom(*only);
  }

  void LayList(const pb::Message& patch, pb::Message& onto, const pb::FieldDescriptor* field,
               const std::string& path) {
    const pb::FieldDescriptor* identity = IdentityOf(*field->message_type());
    const int size = patch.GetReflection()->FieldSize(patch, field);
    for (int i = 0; i < size; ++i) {
      const pb::Message& element = ValueOf(patch, field, i);
      const int found = Find(onto, field, identity, element, i);
      if (found >= 0) {
        Lay(element, *onto.GetReflection()->MutableRepeatedMessage(&onto, field, found),
            kafka_config::Cat(Indexed(path, found), "."));
      } else if (field->message_type() == proto::Setting::descriptor()) {
        onto.GetReflection()->AddMessage(&onto, field)->CopyFrom(element);
      } else {
        unmatched.push_back(Indexed(path, i));
      }
    }
  }

  static bool Has(const pb::Message& message, const pb::FieldDescriptor* field) {
    return field != nullptr && message.GetReflection()->HasField(message, field);
  }

  // The element of `onto` that `element` means: by name, or by position if it has none.
  static int Find(const pb::Message& onto, const pb::FieldDescriptor* field,
                  const pb::FieldDescriptor* identity, const pb::Message& element, int position) {
    const int size = onto.GetReflection()->FieldSize(onto, field);
    if (!Has(element, identity)) return position < size ? position : -1;
    for (int i = 0; i < size; ++i) {
      const pb::Message& candidate = ValueOf(onto, field, i);
      if (pb::util::MessageDifferencer().CompareWithFields(candidate, element, {identity},
                                                           {identity})) {
        return i;
      }
    }
    return -1;
  }
};

// What a variant may change: what can act in a run.
const std::set<std::string>& ChangeableFields() {
  static const std::set<std::string> fields = {"cluster",  "network", "topic",     "producer",
                                               "consumer", "fault",   "time_limit"};
  return fields;
}

void CheckWith(const proto::Scenario& written, const proto::Variant& variant, const std::string& at,
               Findings& out) {
  std::vector<const pb::FieldDescriptor*> fields;
  variant.with().GetReflection()->ListFields(variant.with(), &fields);
  for (const pb::FieldDescriptor* field : fields) {
    if (ChangeableFields().contains(field->name())) continue;
    return out.Wrong(kafka_config::Cat(at, ".with.", field->name()), "",
                     "is nothing that a variant may change");
  }
  const Patched patched = PatchedWith(written, variant.with());
  for (const std::string& path : patched.unmatched) {
    out.Missing(kafka_config::Cat(at, ".with.", path), "",
                "the scenario has nothing of that name or number");
  }
  if (!patched.unmatched.empty()) return;
  const std::vector<std::string> changed = DifferingFields(written, patched.scenario);
  if (changed.size() == 1) return;
  out.Wrong(kafka_config::Cat(at, ".with"), "",
            changed.empty() ? "changes nothing: a variant differs in one field"
                            : kafka_config::Cat("changes ", kafka_config::Join(changed, ", "),
                                                ": a variant differs in one field"));
}

void CheckChange(const proto::Scenario& written, const proto::Variant& variant,
                 const std::string& at, Findings& out) {
  const int changes = !variant.set().empty() + variant.has_with() + !variant.mutant().empty();
  if (changes != 1) {
    return out.Missing(at, "", "a variant wants exactly one of set, with and mutant");
  }
  if (variant.has_with()) return CheckWith(written, variant, at, out);
  const auto has = [](const auto& list, const std::string& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
  };
  if (has(written.set(), variant.set()) || has(written.mutant(), variant.mutant())) {
    out.Wrong(at, "", "changes nothing: the scenario says it already");
  }
  if (!variant.set().empty() && variant.set().find('=') == std::string::npos) {
    out.Wrong(kafka_config::Cat(at, ".set"), "", "is no setting, as \"producer:acks=all\"");
  }
}

}  // namespace

std::vector<std::string> DifferingFields(const pb::Message& a, const pb::Message& b) {
  Differ differ;
  differ.Compare(a, b, "");
  return differ.paths;
}

Patched PatchedWith(const proto::Scenario& base, const proto::Scenario& patch) {
  Patched patched{.scenario = base};
  Patcher patcher;
  patcher.Lay(patch, patched.scenario, "");
  patched.unmatched = patcher.unmatched;
  return patched;
}

proto::Scenario WithoutVariants(const proto::Scenario& written) {
  google::protobuf::FieldMask others;
  const pb::Descriptor& type = *proto::Scenario::descriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    if (type.field(i)->number() == proto::Scenario::kVariantFieldNumber) continue;
    others.add_paths(type.field(i)->name());
  }
  proto::Scenario scenario;
  pb::util::FieldMaskUtil::MergeMessageTo(written, others, {}, &scenario);
  return scenario;
}

proto::Scenario AsVariant(const proto::Scenario& written, const proto::Variant& variant) {
  proto::Scenario scenario = PatchedWith(WithoutVariants(written), variant.with()).scenario;
  if (!variant.set().empty()) scenario.add_set(variant.set());
  if (!variant.mutant().empty()) scenario.add_mutant(variant.mutant());
  if (!variant.predicts().empty()) *scenario.mutable_predicts() = variant.predicts();
  if (!variant.expect().empty()) *scenario.mutable_expect() = variant.expect();
  return scenario;
}

void CheckVariants(const proto::Scenario& written, const Positions& positions,
                   std::string_view file, CheckMode mode, Findings& out) {
  std::set<std::string> names;
  const proto::Scenario base = WithoutVariants(written);  // each copies it: not all the others too
  for (int i = 0; i < written.variant_size(); ++i) {
    const proto::Variant& variant = written.variant(i);
    const std::string at = Indexed("variant", i);
    if (variant.name().empty()) {
      out.Missing(kafka_config::Cat(at, ".name"), "", "a variant wants a name");
    } else if (!names.insert(variant.name()).second) {
      out.Wrong(kafka_config::Cat(at, ".name"), variant.name(), "is the name of an earlier one");
    }
    CheckExpectations(variant.predicts(), kafka_config::Cat(at, ".predicts"), out);
    CheckExpectations(variant.expect(), kafka_config::Cat(at, ".expect"), out);
    const size_t before = out.all().size();
    CheckChange(base, variant, at, out);
    if (mode.has_typos || out.all().size() > before) continue;

    // The base is sound here, so whatever is wrong comes of the change.
    Findings inside(positions, file, mode);
    CheckScenario(AsVariant(base, variant), inside);
    for (const kafka_config::Diagnostic& error : inside.all()) {
      out.Wrong(at, "",
                kafka_config::Cat("with it, ", error.field, error.value.empty() ? "" : "=",
                                  error.value, " ", error.message));
    }
  }
}

}  // namespace loader
