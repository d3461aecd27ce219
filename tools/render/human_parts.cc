#include "tools/render/human_parts.h"

#include <array>
#include <string_view>

namespace render {
namespace {

constexpr size_t kWidth = 118;
constexpr size_t kTextColumn = 18;

// A figure that nobody set is "path: value". Those of one part of a scenario stand on one line,
// which names the part once.
constexpr std::array<std::string_view, 4> kParts = {"cluster.controller.", "cluster.host.",
                                                    "network.", "fault"};

int PartOf(const std::string& assumed) {
  for (size_t i = 0; i < kParts.size(); ++i) {
    if (assumed.starts_with(kParts[i])) return static_cast<int>(i);
  }
  return -1;
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

std::string AssumedText(const Style& style, const Texts& assumed) {
  std::string sentences;
  std::array<std::string, kParts.size()> figures;
  for (const std::string& line : assumed) {
    const int part = PartOf(line);
    if (part < 0) {
      Join(sentences, line, "; ");
      continue;
    }
    const std::string_view prefix = kParts[static_cast<size_t>(part)];
    std::string& text = figures[static_cast<size_t>(part)];
    const bool whole = !prefix.ends_with('.');  // "fault[0].heal_after: 5s" keeps its name
    std::string figure = whole ? line : line.substr(prefix.size());
    if (const size_t colon = figure.find(": "); colon != std::string::npos) figure.erase(colon, 1);
    if (text.empty() && !whole) text = std::string(prefix.substr(0, prefix.size() - 1)) + ": ";
    text += (text.empty() || text.ends_with(": ") ? "" : ", ") + figure;
  }
  std::string out = Labelled(style, "Assumed", sentences);
  for (const std::string& text : figures) {
    out += Labelled(style, out.empty() ? "Assumed" : "", text);
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
