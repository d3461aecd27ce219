#include "tools/render/demo_text.h"

#include <algorithm>

#include "tools/render/trace.h"

namespace render {
namespace {

constexpr size_t kColumn = 62;
constexpr size_t kColorSize = 8;  // of the sequences around a bold title

std::string SidesText(const DemoSide& left, const DemoSide& right, const Style& style) {
  std::string text =
      PadRight(style.Paint(Tone::kBold, left.title), kColumn + (style.color ? kColorSize : 0)) +
      style.Paint(Tone::kBold, right.title) + "\n";
  const size_t rows = std::max(left.lines.size(), right.lines.size());
  for (size_t i = 0; i < rows; ++i) {
    text += PadRight(i < left.lines.size() ? left.lines[i] : "", kColumn) +
            (i < right.lines.size() ? right.lines[i] : "") + "\n";
  }
  return text;
}

std::string VerdictText(const DemoSide& side, const Style& style) {
  const bool broken = side.result.verdict() == answers::BROKEN;
  return side.title + "\n  " +
         style.Paint(
             broken ? Tone::kBad : Tone::kGood,
             std::string(broken ? style.bad() : style.good()) + " " + side.result.headline()) +
         "\n";
}

}  // namespace

void MessageTeller::OnEvent(const sim::NoteHeader& header, std::span<const sim::Note> notes,
                            const kafka::World& world) {
  for (const sim::Note& note : notes) {
    const bool about = world.observer.truth.IsAbout(note, uid_, world.tables, *world.config);
    const std::string text = about ? OfMessage(note, world) : OfCluster(note, world);
    if (!text.empty()) lines_.push_back(FormatMilliseconds(header.time) + " s  " + text);
  }
}

std::string MessageTeller::OfMessage(const sim::Note& note, const kafka::World& world) {
  namespace notes = kafka::notes;
  const auto text =
      note.Visit<notes::Sent, notes::Appended, notes::AckedToApplication, notes::Retried>(
          [](const notes::Sent&) { return std::string("the program sends it"); },
          [&](const notes::Appended& appended) {
            ++copies_;
            return NameOfMachine(*world.config, note.machine) +
                   (appended.as_leader ? " (leader) writes it to its page cache" : " has a copy");
          },
          [&](const notes::AckedToApplication&) {
            return "the program is told: stored   (copies: " + std::to_string(copies_) + ")";
          },
          [](const notes::Retried&) { return std::string("no answer; the client tries again"); });
  return text ? *text : OfCluster(note, world);
}

std::string MessageTeller::OfCluster(const sim::Note& note, const kafka::World& world) {
  namespace notes = kafka::notes;
  const kafka::Setup& setup = *world.config;
  const std::string who = NameOfMachine(setup, note.machine);
  const auto text = note.Visit<sim::notes::ProcessKilled, notes::PartitionState, notes::Truncated>(
      [&](const sim::notes::ProcessKilled&) {
        return BrokerAt(setup, note.machine).exists() ? who + " is killed" : "";
      },
      [](const notes::PartitionState& state) {
        const bool elects = state.election != kafka::Election::kNone &&
                            state.election != kafka::Election::kLeaderless;
        return elects ? "broker-" + std::to_string(state.leader.node_id()) + " is elected leader"
                      : std::string();
      },
      [&](const notes::Truncated& cut) {
        return who + " cuts its log to match, " + std::to_string(cut.old_end.value) + " -> " +
               std::to_string(cut.end.value);
      });
  return text.value_or("");
}

std::string DemoText(const DemoSide& left, const DemoSide& right, const Style& style) {
  return "A program sends " + std::to_string(left.result.ledger().sent()) +
         " messages to a cluster of three brokers. The leader is killed on the\n"
         "way. Here is what becomes of one message, twice: the same seed, one setting "
         "changed.\n\n" +
         SidesText(left, right, style) + "\n" + VerdictText(left, style) +
         VerdictText(right, style);
}

std::string DemoNextText(const std::string& program, const std::string& scenario, uint64_t seed,
                         const std::string& reproduce) {
  return "\nreproduce: " + reproduce + "\nwhat would have saved it: " + program + " explain " +
         scenario + " --seed " + std::to_string(seed) + "\nyour own settings: " + program +
         " run disasters --config producer=FILE --config broker=FILE\n";
}

}  // namespace render
