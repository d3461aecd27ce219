// "Modelled" in fidelity.tsv is a claim about code: the setting is read where the model is set up.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "scenarios/kafka_config/text.h"
#include "tests/scenarios/kafka_config/config_testing.h"

namespace kafka_config {
namespace {

// Every string literal of the sources that turn a configuration into the model's setup.
std::set<std::string> NamesRead() {
  std::set<std::string> names;
  for (const auto& entry :
       std::filesystem::directory_iterator(FATE_SOURCE_DIR "/scenarios/bridge")) {
    const std::string file = entry.path().filename();
    if (!file.starts_with("to_setup") || !file.ends_with(".cc")) continue;
    std::ifstream source(entry.path());
    const std::string text{std::istreambuf_iterator<char>(source), {}};
    bool is_literal = false;
    for (const std::string_view part : Split(text, '"')) {
      if (is_literal) names.emplace(part);
      is_literal = !is_literal;
    }
  }
  return names;
}

bool IsRead(const Definition& definition, const std::set<std::string>& names) {
  const std::string topic_name(TestTables().TopicNameOf(definition.name));
  const bool makes_topics =
      definition.name == "default.replication.factor" || definition.name == "num.partitions";
  return names.contains(definition.name) || makes_topics ||
         (definition.scope == Scope::kBroker && names.contains(topic_name));
}

TEST(Modelled, IsWhatTheSetupReads) {
  const std::set<std::string> names = NamesRead();
  ASSERT_TRUE(names.contains("acks"));
  for (const Scope scope : {Scope::kBroker, Scope::kTopic, Scope::kProducer, Scope::kConsumer}) {
    for (const Definition& definition : TestTables().Definitions(scope)) {
      const Fidelity& fidelity = definition.fidelity;
      if (!fidelity.is_modelled || fidelity.tag == Tag::kCosmetic) continue;
      // The one value that is modelled is what the model does anyway; the others are conditions.
      if (!fidelity.conditions.empty()) continue;
      EXPECT_TRUE(IsRead(definition, names)) << ScopeName(scope) << ":" << definition.name;
    }
  }
}

TEST(Modelled, NothingIsReadThatIsNotSaidToBeModelled) {
  for (const std::string& name : NamesRead()) {
    bool is_modelled = TestTables().ScopesOf(name).empty();
    for (const Scope scope : TestTables().ScopesOf(name)) {
      const Definition* definition = TestTables().Find(scope, name);
      is_modelled = is_modelled || definition->fidelity.is_modelled;
    }
    EXPECT_TRUE(is_modelled) << name;
  }
}

}  // namespace
}  // namespace kafka_config
