#include "tools/analysis/diff.h"

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "tools/analysis/divergence.h"
#include "tools/analysis/evaluate.h"
#include "tools/analysis/recording.h"
#include "tools/fate/commands.h"
#include "tools/render/trace.h"

namespace analysis {
namespace {

using answers::DiffResult;

constexpr int kMessagesOfAFate = 8;

// One of the two, run.
struct Compared {
  kafka::Runner runner;
  kafka::RunOutcome outcome;
  Recorder recorder;
};

void RunSide(const Case& one, Compared& side, DiffResult::Run& out) {
  side.runner.Run(one.request(), side.outcome, &side.recorder);
  const Judgement judgement = Judge(one.prepared, side.outcome, side.runner.world());
  const answers::RunResult result =
      Evaluate(one.prepared, one.seed, side.outcome, judgement, side.runner.world());
  out.set_scenario(one.prepared.name());
  out.set_seed(one.seed);
  out.set_digest(result.digest());
  out.set_events(result.events());
  out.set_verdict(result.verdict());
  out.set_headline(result.headline());
}

struct Value {
  std::string in_force;
  std::string shown;
};

// Settings that somebody gave on either side, where the values in force differ.
void CompareSettings(const Case& left, const Case& right, DiffResult& out) {
  using Named = std::pair<kafka_config::Target, std::string>;
  std::set<Named> given;
  const auto gather = [&](const kafka_config::Configuration& configuration) {
    for (const auto& one : configuration.GivenSettings()) given.insert({one.target, one.name});
  };
  gather(left.prepared.configuration);
  gather(right.prepared.configuration);
  const auto value = [](const Case& one, const Named& named) {
    const kafka_config::Configuration& configuration = one.prepared.configuration;
    const kafka_config::Definition* definition =
        configuration.tables().Find(named.first.scope, named.second);
    const kafka_config::EffectiveSetting setting = configuration.Get(named.first, named.second);
    return Value{setting.value.value_or("null"),
                 kafka_config::ShownValue(definition, setting.value.value_or("null")) +
                     (configuration.IsGiven(named.first, named.second) ? "" : " (default)")};
  };
  for (const Named& named : given) {
    const Value a = value(left, named);
    const Value b = value(right, named);
    if (a.in_force == b.in_force) continue;
    auto* change = out.add_settings();
    change->set_name(kafka_config::Describe(named.first) + ":" + named.second);
    change->set_left(a.shown);
    change->set_right(b.shown);
  }
}

// Everything of a scenario that is no setting and no label.
loader::proto::Scenario Bare(loader::proto::Scenario scenario) {
  for (auto* text : {scenario.mutable_name(), scenario.mutable_why(), scenario.mutable_claim()}) {
    text->clear();
  }
  scenario.clear_set();
  scenario.clear_assumed();
  scenario.clear_variant();
  scenario.clear_expect();
  scenario.clear_predicts();
  scenario.mutable_cluster()->clear_config();
  for (auto& topic : *scenario.mutable_topic()) topic.clear_config();
  for (auto& producer : *scenario.mutable_producer()) producer.clear_config();
  for (auto& consumer : *scenario.mutable_consumer()) consumer.clear_config();
  return scenario;
}

void CompareScenarios(const Case& left, const Case& right, DiffResult& out) {
  google::protobuf::util::MessageDifferencer differ;
  std::string report;
  differ.ReportDifferencesToString(&report);
  differ.Compare(Bare(left.prepared.scenario.scenario), Bare(right.prepared.scenario.scenario));
  for (size_t from = 0; from < report.size();) {
    const size_t end = report.find('\n', from);
    out.add_scenario(report.substr(from, end - from));
    from = end == std::string::npos ? report.size() : end + 1;
  }
}

void CompareEvents(const Case& right, const Compared& a, const Compared& b, DiffResult& out) {
  const auto difference = FirstDifference(a.recorder.bytes(), b.recorder.bytes());
  if (!difference) return;
  const DivergenceText text =
      DescribeDivergence(right.setup(), b.runner.world().tables, *difference);
  auto* first = out.mutable_first_difference();
  first->set_where(text.headline);
  for (const std::string& line : text.recorded) first->add_left(line);
  for (const std::string& line : text.now) first->add_right(line);
}

struct Ends {
  std::string name;
  std::string left;
  std::string right;
};

void CompareFates(const Case& left, const Case& right, const Compared& a, const Compared& b,
                  DiffResult& out) {
  std::map<uint64_t, Ends> ends;  // by uid
  const auto gather = [&](const Case& one, const Compared& side, std::string Ends::*which) {
    const kafka::World& world = side.runner.world();
    const kafka::ledger::FinalRead& read = side.outcome.verdict.read;
    for (uint32_t i = 0; i < read.fates.size(); ++i) {
      if (!read.counted[i]) continue;
      Ends& end = ends[IdentityOf(world, {i}).uid];
      end.name = render::NameOfMessage(one.setup(), world.tables, {i});
      end.*which = kafka::ledger::NameOf(read.fates[i]);
    }
  };
  gather(left, a, &Ends::left);
  gather(right, b, &Ends::right);
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> kinds;
  for (const auto& [uid, end] : ends) {
    if (end.left != end.right) kinds[{end.left, end.right}].push_back(end.name);
  }
  for (auto& [kind, names] : kinds) {
    std::sort(names.begin(), names.end(), [](const std::string& x, const std::string& y) {
      return std::pair(x.size(), x) < std::pair(y.size(), y);
    });
    auto* fates = out.add_fates();
    fates->set_left(kind.first);
    fates->set_right(kind.second);
    fates->set_count(static_cast<uint32_t>(names.size()));
    for (const std::string& name : names) {
      if (fates->messages_size() < kMessagesOfAFate) fates->add_messages(name);
    }
  }
}

std::string SideLine(const DiffResult::Run& run, const char* label) {
  return std::string(label) + "  " + run.name() + "  (" + run.scenario() + ", seed " +
         std::to_string(run.seed()) + ", " + render::Grouped(run.events()) + " events, digest " +
         run.digest().substr(0, 8) + ")\n       " + run.headline() + "\n";
}

std::string OrNothing(const std::string& text) { return text.empty() ? "(not sent)" : text; }

std::string FatesText(const DiffResult& diff) {
  std::string out;
  for (const auto& fates : diff.fates()) {
    out += render::PadLeft(render::Grouped(fates.count()), 9) + "  " + OrNothing(fates.left()) +
           " -> " + OrNothing(fates.right()) + "  ";
    for (const std::string& name : fates.messages()) out += " " + name;
    if (static_cast<int>(fates.count()) > fates.messages_size()) out += " ...";
    out += "\n";
  }
  return out.empty() ? "  every message met the same fate\n" : out;
}

}  // namespace

DiffResult Diff(const Case& left, const Case& right) {
  DiffResult out;
  out.set_schema_version(1);
  out.set_engine(fate::EngineVersion());
  Compared a;
  Compared b;
  RunSide(left, a, *out.add_runs());
  RunSide(right, b, *out.add_runs());
  out.set_identical(a.outcome.digest == b.outcome.digest);
  CompareSettings(left, right, out);
  CompareScenarios(left, right, out);
  CompareEvents(right, a, b, out);
  CompareFates(left, right, a, b, out);
  return out;
}

std::string RenderDiff(const DiffResult& diff, const render::Style& style) {
  std::string out = SideLine(diff.runs(0), "left ") + SideLine(diff.runs(1), "right");
  const auto title = [&](const char* text) {
    return "\n" + style.Paint(render::Tone::kBold, text) + "\n";
  };
  if (diff.identical()) out += "\nThe two runs are one: same events, same digest.\n";
  if (diff.settings_size() + diff.scenario_size() > 0) out += title("What was set differently");
  for (const auto& change : diff.settings()) {
    out += "  " + change.name() + ": " + change.left() + " -> " + change.right() + "\n";
  }
  for (const std::string& line : diff.scenario()) out += "  " + line + "\n";
  if (diff.has_first_difference()) {
    out += title("Where they part") + "  " + diff.first_difference().where() + "\n";
    for (const std::string& line : diff.first_difference().left())
      out += "    left   " + line + "\n";
    for (const std::string& line : diff.first_difference().right())
      out += "    right  " + line + "\n";
  }
  if (!diff.identical()) out += title("What became of the messages") + FatesText(diff);
  return out;
}

}  // namespace analysis
