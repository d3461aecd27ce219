#include "tools/render/divergence.h"

#include <algorithm>

#include "tools/render/trace.h"

namespace render {
namespace {

constexpr size_t kNotesMax = 6;  // of one event; the first ones tell the story

std::vector<std::string> Lines(const kafka::Setup& setup, const kafka::Tables& tables,
                               std::span<const sim::Note> notes, size_t from) {
  std::vector<std::string> lines;
  for (size_t i = from; i < notes.size() && lines.size() < kNotesMax; ++i) {
    std::string line = Describe(setup, tables, notes[i]);
    while (!line.empty() && line.back() == ' ') line.pop_back();
    lines.push_back(std::move(line));
  }
  if (from + kNotesMax < notes.size()) {
    lines.push_back("and " + std::to_string(notes.size() - from - kNotesMax) + " more");
  }
  return lines;
}

// What is to be said of one side; `other` is null where the other side had ended.
std::vector<std::string> Side(const kafka::Setup& setup, const kafka::Tables& tables,
                              const EventNotes* event, const EventNotes* other) {
  if (event == nullptr) return {"(the run had ended)"};
  size_t same = 0;
  if (other != nullptr && other->time == event->time) {
    const auto [mine, theirs] = std::mismatch(event->notes.begin(), event->notes.end(),
                                              other->notes.begin(), other->notes.end());
    same = static_cast<size_t>(mine - event->notes.begin());
    if (mine == event->notes.end() && theirs == other->notes.end()) {
      return {"(the same notes, but something else inside the event)"};
    }
  }
  std::vector<std::string> lines = Lines(setup, tables, event->notes, same);
  if (lines.empty()) lines.emplace_back(same == 0 ? "(nothing is said)" : "(nothing more is said)");
  if (other != nullptr && other->time != event->time) {
    lines.insert(lines.begin(), "at " + FormatTime(event->time) + " s:");
  }
  return lines;
}

}  // namespace

DivergenceText DescribeDivergence(const kafka::Setup& setup, const kafka::Tables& tables,
                                  const EventNotes* recorded, const EventNotes* now) {
  const EventNotes& first = recorded != nullptr ? *recorded : *now;
  return {
      .headline = "event " + std::to_string(first.number) + " (t=" + FormatTime(first.time) + " s)",
      .recorded = Side(setup, tables, recorded, now),
      .now = Side(setup, tables, now, recorded)};
}

std::string Render(const DivergenceText& text, const std::string& recorded_label,
                   const std::string& now_label) {
  const size_t width = std::max(recorded_label.size(), now_label.size()) + 2;
  std::string out;
  const auto add = [&](const std::string& label, const std::vector<std::string>& lines) {
    for (size_t i = 0; i < lines.size(); ++i) {
      std::string head = i == 0 ? label + ":" : "";
      head.resize(width, ' ');
      out += "    " + head + lines[i] + "\n";
    }
  };
  add(recorded_label, text.recorded);
  add(now_label, text.now);
  return out;
}

}  // namespace render
