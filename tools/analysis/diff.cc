#include "tools/analysis/diff.h"

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "tools/analysis/engine_version.h"
#include "tools/analysis/words.h"
#include "tools/answers/comparison.pb.h"
#include "tools/answers/names.h"

namespace analysis {
namespace {

using answers::DiffResult;

constexpr int kMessagesOfAFate = 8;

void FillRun(const Case& one, const RecordedRun& side, DiffResult::Run& out) {
  out.set_scenario(one.prepared.name());
  out.set_seed(one.seed);
  out.set_digest(side.result.digest());
  out.set_events(side.result.events());
  out.set_verdict(side.result.verdict());
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

std::string NameOrNothing(answers::Fate fate) {
  return fate == answers::FATE_UNSPECIFIED ? "" : answers::Fate_Name(fate);
}

// In the order of their names, as people look them up.
using Kind = std::pair<answers::Fate, answers::Fate>;
struct ByName {
  bool operator()(const Kind& a, const Kind& b) const {
    return std::pair(NameOrNothing(a.first), NameOrNothing(a.second)) <
           std::pair(NameOrNothing(b.first), NameOrNothing(b.second));
  }
};

struct Ends {
  std::string name;
  answers::Fate left{};  // unspecified: not sent there
  answers::Fate right{};
};

void CompareFates(const Case& left, const Case& right, const RecordedRun& a, const RecordedRun& b,
                  DiffResult& out) {
  std::map<uint64_t, Ends> ends;  // by uid
  const auto gather = [&](const Case& one, const RecordedRun& side, answers::Fate Ends::*which) {
    const kafka::World& world = side.world();
    const kafka::ledger::FinalRead& read = side.outcome.verdict.read;
    for (uint32_t i = 0; i < read.fates.size(); ++i) {
      if (!read.counted[i]) continue;
      Ends& end = ends[IdentityOf(world, {i}).uid];
      end.name = answers::NameOfMessage(one.setup(), world.tables, {i});
      end.*which = AnswerOf(read.fates[i]);
    }
  };
  gather(left, a, &Ends::left);
  gather(right, b, &Ends::right);
  std::map<Kind, std::vector<std::string>, ByName> kinds;
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

}  // namespace

Difference Diff(const Case& left, const Case& right) {
  Difference difference;
  DiffResult& out = difference.answer;
  out.set_schema_version(1);
  out.set_engine(EngineVersion());
  difference.left = Record(left.prepared, left.request());
  difference.right = Record(right.prepared, right.request());
  const RecordedRun& a = *difference.left;
  const RecordedRun& b = *difference.right;
  FillRun(left, a, *out.add_runs());
  FillRun(right, b, *out.add_runs());
  out.set_identical(a.outcome.digest == b.outcome.digest);
  CompareSettings(left, right, out);
  CompareScenarios(left, right, out);
  difference.first = FirstSpokenDifference(a.recorder.bytes(), b.recorder.bytes());
  CompareFates(left, right, a, b, out);
  return difference;
}

}  // namespace analysis
