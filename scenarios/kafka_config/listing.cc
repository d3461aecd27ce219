#include "scenarios/kafka_config/listing.h"

#include <algorithm>

namespace kafka_config {
namespace {

ListedSetting List(const Configuration& configuration, const Definition& definition,
                   const Target& target) {
  const EffectiveSetting setting = configuration.Get(target, definition.name);
  return {.target = target,
          .name = definition.name,
          .value = setting.IsNull() ? "null" : ShownValue(&definition, setting.Text()),
          .origin = setting.origin,
          .from = setting.from};
}

bool IsSame(const ListedSetting& a, const ListedSetting& b) {
  return a.value == b.value && a.origin == b.origin && a.from == b.from;
}

void ListOne(const Configuration& configuration, const Definition& definition,
             const std::vector<Target>& targets, std::vector<ListedSetting>& listed) {
  std::vector<ListedSetting> each;
  for (const Target& target : targets) each.push_back(List(configuration, definition, target));
  const bool is_given = std::any_of(each.begin(), each.end(), [](const ListedSetting& setting) {
    return setting.origin.kind != Origin::Kind::kDefault && setting.from.empty();
  });
  if (!Shown(definition) && !is_given) return;
  const bool is_one = std::all_of(each.begin(), each.end(), [&](const ListedSetting& setting) {
    return IsSame(setting, each[0]);
  });
  if (is_one) {
    each.resize(1);
    each[0].target.name.clear();
  }
  listed.insert(listed.end(), each.begin(), each.end());
}

}  // namespace

std::vector<ListedSetting> ListEffective(const Configuration& configuration) {
  std::vector<ListedSetting> listed;
  for (const Scope scope : {Scope::kBroker, Scope::kTopic, Scope::kProducer, Scope::kConsumer}) {
    const std::vector<Target> targets = DeclaredTargets(configuration.declared(), scope);
    for (const Definition& definition : configuration.tables().Definitions(scope)) {
      ListOne(configuration, definition, targets, listed);
    }
  }
  return listed;
}

}  // namespace kafka_config
