// fate demo: one story twice, side by side.
#include <algorithm>
#include <cstdio>
#include <sstream>
#include <vector>

#include "tools/analysis/evaluate.h"
#include "tools/analysis/explain.h"
#include "tools/analysis/prepare.h"
#include "tools/fate/commands.h"
#include "tools/fate/reproduce.h"
#include "tools/fate/session.h"
#include "tools/render/explanation.h"
#include "tools/render/explanation_fill.h"
#include "tools/render/fill.h"
#include "tools/render/trace.h"

namespace fate {
namespace {

constexpr char kStory[] = "acks_one_or_all";
constexpr size_t kColumn = 62;
constexpr uint32_t kExplanationWidth = 110;

// One side of the story: what happened to the message that dies on the other side.
struct Side {
  std::string title;
  answers::RunResult result;
  std::vector<std::string> lines;
};

// Gathers what mattered to one message: when it was stored where, promised, lost.
class StoryTeller : public kafka::RunWatcher {
 public:
  // The message is known after a first run; `uid` 0 gathers nothing.
  explicit StoryTeller(uint64_t uid) : uid_(uid) {}

  void OnEvent(const sim::NoteHeader& header, std::span<const sim::Note> notes,
               const kafka::World& world) override {
    for (const sim::Note& note : notes) Tell(header, note, world);
  }
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  void Tell(const sim::NoteHeader& header, const sim::Note& note, const kafka::World& world) {
    const bool about = world.observer.truth.IsAbout(note, uid_, world.tables, *world.config);
    const std::string text = about ? OfMessage(note, world) : OfCluster(note, world);
    if (text.empty()) return;
    const std::string time = render::FormatTime(header.time);
    lines_.push_back(time.substr(0, time.find(' ')) + " s  " + text);
  }

  // What happened to the message.
  std::string OfMessage(const sim::Note& note, const kafka::World& world) {
    namespace notes = kafka::notes;
    const auto text =
        note.Visit<notes::Sent, notes::Appended, notes::AckedToApplication, notes::Retried>(
            [](const notes::Sent&) { return std::string("the program sends it"); },
            [&](const notes::Appended& appended) {
              ++copies_;
              return render::NameOfMachine(*world.config, note.machine) +
                     (appended.as_leader ? " (leader) writes it to its page cache" : " has a copy");
            },
            [&](const notes::AckedToApplication&) {
              return "the program is told: stored   (copies: " + std::to_string(copies_) + ")";
            },
            [](const notes::Retried&) { return std::string("no answer; the client tries again"); });
    return text ? *text : OfCluster(note, world);
  }

  // What happened to brokers, whatever message it was about.
  static std::string OfCluster(const sim::Note& note, const kafka::World& world) {
    namespace notes = kafka::notes;
    const kafka::Setup& setup = *world.config;
    const std::string who = render::NameOfMachine(setup, note.machine);
    const auto text =
        note.Visit<sim::notes::ProcessKilled, notes::PartitionState, notes::Truncated>(
            [&](const sim::notes::ProcessKilled&) {
              return BrokerAt(setup, note.machine).exists() ? who + " is killed" : "";
            },
            [](const notes::PartitionState& state) {
              const bool elects = state.election != kafka::Election::kNone &&
                                  state.election != kafka::Election::kLeaderless;
              return elects
                         ? "broker-" + std::to_string(state.leader.node_id()) + " is elected leader"
                         : std::string();
            },
            [&](const notes::Truncated& cut) {
              return who + " cuts its log to match, " + std::to_string(cut.old_end.value) + " -> " +
                     std::to_string(cut.end.value);
            });
    return text.value_or("");
  }

  uint64_t uid_;
  int copies_ = 0;
  std::vector<std::string> lines_;
};

// The last of them: the one whose answer left just before the end.
kafka::MessageId LastLost(const kafka::RunOutcome& outcome) {
  for (const kafka::ledger::Finding& finding : outcome.verdict.findings) {
    if (!finding.messages.empty()) return finding.messages.back();
  }
  return kafka::MessageId::None();
}

void PrintSides(const Side& left, const Side& right, const render::Style& style) {
  std::printf("%s%s\n",
              render::PadRight(style.Paint(render::Tone::kBold, left.title),
                               kColumn + (style.color ? 8 : 0))
                  .c_str(),
              style.Paint(render::Tone::kBold, right.title).c_str());
  const size_t rows = std::max(left.lines.size(), right.lines.size());
  for (size_t i = 0; i < rows; ++i) {
    const std::string a = i < left.lines.size() ? left.lines[i] : "";
    const std::string b = i < right.lines.size() ? right.lines[i] : "";
    std::printf("%s%s\n", render::PadRight(a, kColumn).c_str(), b.c_str());
  }
}

void RunSide(const analysis::Prepared& prepared, uint64_t seed, uint64_t uid,
             std::span<const sim::PlannedFault> faults, Side& side) {
  StoryTeller teller(uid);
  kafka::Runner runner(kafka::kNoStateWatcher);
  kafka::RunOutcome outcome;
  runner.Run({.setup = &prepared.setup(), .seed = seed, .faults = faults}, outcome, &teller);
  const analysis::Judgement judgement = analysis::Judge(prepared, outcome, runner.world());
  side.result = analysis::Evaluate(prepared, seed, outcome, judgement, runner.world());
  render::FillSentences(side.result);
  side.lines = teller.lines();
}

std::string Mark(const render::Style& style, const answers::RunResult& result) {
  const bool broken = result.verdict() == answers::BROKEN;
  return style.Paint(broken ? render::Tone::kBad : render::Tone::kGood,
                     std::string(broken ? style.bad() : style.good()) + " " + result.headline());
}

// The explanation of the message that died, and what to type next.
void PrintWhy(const kafka_config::Tables& tables, const Options& options,
              const analysis::Case& told, kafka::MessageId lost, const render::Style& style) {
  if (lost.exists()) {
    answers::Explanation why = analysis::Explain(told, lost, {.futures = 0, .seeds = 0});
    render::FillSentences(why);
    std::printf("\nWhy?\n\n%s", render::ChainText(why, style, kExplanationWidth).c_str());
  }
  std::printf("\nreproduce: %s\n", ReproduceLine(tables, options, kStory, told.seed).c_str());
  std::printf("what would have saved it: %s explain %s --seed %llu\n", options.program.c_str(),
              kStory, static_cast<unsigned long long>(told.seed));
  std::printf("your own settings: %s run disasters --config producer=FILE --config broker=FILE\n",
              options.program.c_str());
}

// What ships is broken: an error of this program, whatever its kind.
int Broken(const absl::Status& status) {
  Fail(status);
  return kExitInternal;
}

}  // namespace

int DemoCommand(const Options& options) {
  const render::Style style = render::MakeStyle(options.color, options.ascii, 1);
  const kafka_config::Tables tables = kafka_config::LoadTables();
  const auto loaded = analysis::LoadNamed(kStory);
  if (!loaded.ok()) return Broken(loaded.status());
  const auto base_side = analysis::Prepare(tables, *loaded, {}, kafka::kNoStateWatcher);
  if (!base_side.ok()) return Broken(base_side.status());
  const auto variant_side =
      analysis::Prepare(tables, loader::ExpandVariant(*loaded, 0), {}, kafka::kNoStateWatcher);
  if (!variant_side.ok()) return Broken(variant_side.status());
  const analysis::Prepared& base = *base_side;
  const analysis::Prepared& variant = *variant_side;
  const uint64_t seed = SeedOf(options, base);
  kafka::Runner runner(kafka::kNoStateWatcher);
  analysis::Case told{.tables = &tables,
                      .prepared = base,
                      .user = {},
                      .seed = seed,
                      .overrides = {},
                      .faults = base.setup().faults,
                      .outcome = {}};
  analysis::RunCase(told, runner);
  const kafka::MessageId lost = LastLost(told.outcome);
  const uint64_t uid = lost.exists() ? analysis::IdentityOf(runner.world(), lost).uid : 0;
  const auto anchored = kafka::Anchored(variant.setup().faults, told.outcome.realised);
  Side left{.title = base.name() + ": acks=1", .result = {}, .lines = {}};
  Side right{.title = "the same, with " + variant.scenario.variant, .result = {}, .lines = {}};
  RunSide(base, seed, uid, base.setup().faults, left);
  RunSide(variant, seed, uid, anchored, right);

  std::printf(
      "A program sends %u messages to a cluster of three brokers. The leader is killed on the\n"
      "way. Here is what becomes of one message, twice: the same seed, one setting changed.\n\n",
      left.result.ledger().sent());
  PrintSides(left, right, style);
  std::printf("\n%s\n%s\n", (left.title + "\n  " + Mark(style, left.result)).c_str(),
              (right.title + "\n  " + Mark(style, right.result)).c_str());
  PrintWhy(tables, options, told, lost, style);
  return kExitMet;
}

}  // namespace fate
