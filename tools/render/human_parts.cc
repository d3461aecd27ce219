#include "tools/render/human_parts.h"

#include <array>
#include <optional>
#include <string_view>

namespace render {
namespace {

constexpr size_t kWidth = 118;
constexpr size_t kTextColumn = 18;

// Fields of one part of a scenario stand on one line, which names the part once; those of faults
// keep their names.
struct Part {
  std::string_view path;
  std::string_view title;
};
constexpr std::array<Part, 4> kParts = {{{"cluster.controller.", "cluster.controller: "},
                                         {"cluster.host.", "cluster.host: "},
                                         {"network.", "network: "},
                                         {"fault", ""}}};

// The index of its part; none: it stands among the sentences.
std::optional<size_t> PartOf(const answers::Assumption& assumed) {
  if (assumed.kind() != answers::Assumption::FIELD) return std::nullopt;
  for (size_t i = 0; i < kParts.size(); ++i) {
    if (assumed.name().starts_with(kParts[i].path)) return i;
  }
  return std::nullopt;
}

std::string ValueText(const answers::Assumption& assumed) {
  return assumed.has_value() ? assumed.value() : "the model's table";
}

// "dirty_expire 30s", on the line of its part.
std::string FigureText(const answers::Assumption& assumed, const Part& part) {
  return assumed.name().substr(part.title.empty() ? 0 : part.path.size()) + " " +
         ValueText(assumed);
}

void Join(std::string& text, const std::string& more, const char* between) {
  text += (text.empty() ? "" : between) + more;
}

}  // namespace

Tone ToneOf(answers::Status verdict) {
  if (verdict == answers::BROKEN) return Tone::kBad;
  return verdict == answers::HELD ? Tone::kGood : Tone::kWarn;
}

const char* GlyphOf(const Style& style, answers::Status verdict) {
  if (verdict == answers::BROKEN) return style.bad();
  return verdict == answers::HELD ? style.good() : style.open();
}

std::string NameOf(answers::Status status) {
  return status == answers::STATUS_UNSPECIFIED ? "" : answers::Status_Name(status);
}

std::string NameOf(answers::LossClass loss_class) {
  return loss_class == answers::CLASS_UNSPECIFIED ? "" : answers::LossClass_Name(loss_class);
}

std::string Labelled(const Style& style, const std::string& label, const std::string& text) {
  const std::string body = Wrapped(text, std::string(kTextColumn, ' '), kWidth);
  if (body.empty()) return "";
  return "  " + style.Paint(Tone::kBold, PadRight(label, kTextColumn - 2)) +
         body.substr(kTextColumn);
}

std::string ListText(const Style& style, const char* label, const Texts& lines) {
  std::string text;
  for (const std::string& line : lines) Join(text, line, "; ");
  return Labelled(style, label, text);
}

std::string AssumptionText(const answers::Assumption& assumed) {
  switch (assumed.kind()) {
    case answers::Assumption::FIELD:
      return assumed.name() + ": " + ValueText(assumed);
    case answers::Assumption::TOPIC_SETTING:
      return "topic " + assumed.topic() + ": " + assumed.name() + "=" + assumed.value();
    case answers::Assumption::PLACEMENT:
      return "placement of replicas: in turn over racks and brokers";
    case answers::Assumption::FURTHER_REPLICAS:
      return "replicas beyond the assignment: racks without one first";
    case answers::Assumption::CONTROLLER:
      return "controller: one process that loses nothing and that no fault meets";
    case answers::Assumption::OFFSET_STORE:
      return "committed offsets: a store that loses nothing and that no fault meets";
    default:
      return "";
  }
}

std::string AssumedText(const Style& style,
                        const google::protobuf::RepeatedPtrField<answers::Assumption>& assumed) {
  std::string sentences;
  std::array<std::string, kParts.size()> figures;
  for (const answers::Assumption& one : assumed) {
    if (const std::optional<size_t> part = PartOf(one)) {
      Join(figures[*part], FigureText(one, kParts[*part]), ", ");
    } else {
      Join(sentences, AssumptionText(one), "; ");
    }
  }
  std::string out = Labelled(style, "Assumed", sentences);
  for (size_t i = 0; i < kParts.size(); ++i) {
    if (figures[i].empty()) continue;
    out += Labelled(style, out.empty() ? "Assumed" : "", std::string(kParts[i].title) + figures[i]);
  }
  return out;
}

std::string NotModelledText(const Style& style,
                            const google::protobuf::RepeatedPtrField<answers::NotModelled>& list) {
  std::string text;
  for (const auto& item : list) {
    Join(text, item.scope() + " " + item.name() + ": " + item.reason(), "; ");
  }
  return Labelled(style, "Not modelled", text);
}

std::string RemedyText(const answers::Remedy& remedy) {
  if (remedy.text().empty()) return "";
  return remedy.text() + " (saves " + std::to_string(remedy.saved()) + " of " +
         std::to_string(remedy.of()) + ")";
}

}  // namespace render
