#include "tools/render/explanation_words.h"

#include <array>
#include <cmath>
#include <cstdio>

#include "tools/render/interval.h"
#include "tools/render/style.h"

namespace render {
namespace {

using answers::Cause;

std::string SignedNumber(double value) {
  const double size = std::fabs(value);
  const int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), "%+.*f", decimals, value);
  return text.data();
}

const char* KindText(Cause::Kind kind) {
  switch (kind) {
    case Cause::SETTING:
      return "setting ";
    case Cause::FAULT:
      return "fault: ";
    case Cause::PLANTED_BUG:
      return "";  // its text says so
    case Cause::PROGRAM:
      return "program: ";
    default:
      return "";
  }
}

}  // namespace

CopyGlyph GlyphOf(answers::Copy copy) {
  switch (copy) {
    case answers::COPY_PAGE_CACHE:
      return {"◐", "c", "in the page cache"};
    case answers::COPY_DRIVE_CACHE:
      return {"◑", "d", "in the drive's cache"};
    case answers::COPY_MEDIUM:
      return {"●", "M", "on the medium"};
    case answers::COPY_DEAD:
      return {"✖", "x", "on a dead broker"};
    default:
      return {"○", ".", "none"};
  }
}

std::string SubjectText(const answers::Explanation& explanation) {
  const auto& subject = explanation.subject();
  std::string place = subject.key().empty() ? "" : "key " + subject.key();
  if (!subject.partition().empty()) {
    place += (place.empty() ? "" : ", ") + subject.partition();
    if (subject.offset() >= 0) {
      place += " offset " + std::to_string(subject.offset()) + ", epoch " +
               std::to_string(subject.leader_epoch());
    }
  }
  std::string text = subject.message() + (place.empty() ? "" : " (" + place + ")") + ": " +
                     answers::Fate_Name(subject.fate());
  if (subject.class_() != answers::CLASS_UNSPECIFIED) {
    text += ", " + answers::LossClass_Name(subject.class_());
  }
  return text;
}

bool IsLost(const answers::Explanation& explanation) {
  const answers::Fate fate = explanation.subject().fate();
  return fate == answers::LOST_AFTER_ACK || fate == answers::LOST_SILENT;
}
std::string FateWord(const answers::Explanation& explanation) {
  return IsLost(explanation) ? "lost" : answers::Fate_Name(explanation.subject().fate());
}
std::string OtherSeedsText(const answers::Explanation& explanation) {
  return IsLost(explanation) ? "other seeds that lose (95 %)" : "others that end so (95 %)";
}

std::string TimeText(uint64_t ns) {
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), "%llu.%03llu %03llu",
                static_cast<unsigned long long>(ns / 1'000'000'000),
                static_cast<unsigned long long>(ns / 1'000'000 % 1000),
                static_cast<unsigned long long>(ns / 1000 % 1000));
  return text.data();
}

std::string CauseText(const Cause& cause) {
  const std::string what =
      KindText(cause.kind()) + (cause.text().empty() ? cause.name() : cause.text());
  if (cause.confirmation() == Cause::NOT_TRIED) return what + ": not tried";
  return what + ": " + (cause.kind() == Cause::FAULT ? "" : "with ") + cause.removal() + ", " +
         cause.outcome() + (cause.confirmation() == Cause::NOT_CONFIRMED ? " (not confirmed)" : "");
}

std::string ShareText(const answers::Futures::Point& point) {
  std::array<char, 32> text;
  const double share = point.n() == 0 ? 0 : 100.0 * point.lost() / point.n();
  std::snprintf(text.data(), text.size(), "%3.0f %%", share);
  return std::string(text.data()) + "  " +
         PadRight("(" + FormatInterval({point.low(), point.high()}) + ")", 14);
}

std::string PricesText(const answers::WhatIf::Line& line) {
  std::string text;
  for (const auto& price : line.prices()) {
    // An interval around nothing is no price.
    if (price.low() <= 0 && price.high() >= 0) continue;
    text += (text.empty() ? "" : "; ") + price.what() + " " + SignedNumber(price.difference()) +
            " " + price.unit() + " (" + SignedNumber(price.low()) + " to " +
            SignedNumber(price.high()) + ")";
  }
  return text;
}

}  // namespace render
