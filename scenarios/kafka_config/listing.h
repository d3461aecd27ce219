// scenarios/kafka_config/listing.h
//
// The effective value of each setting with its origin, as reports, JSON and capsules print it.
#ifndef SCENARIOS_KAFKA_CONFIG_LISTING_H_
#define SCENARIOS_KAFKA_CONFIG_LISTING_H_

#include <string>
#include <vector>

#include "scenarios/kafka_config/configuration.h"

namespace kafka_config {

struct ListedSetting {
  Target target;  // without a name where all of the scope have the same
  std::string name;
  std::string value;  // "null", or "<value not shown>" unless the model acts on it
  Origin origin;
  std::string from;  // the broker's name of it, where a topic fell back to one
};

// Every setting that the model acts on, given or not, and of the others those that were given;
// sorted by scope and name.
std::vector<ListedSetting> ListEffective(const Configuration& configuration);

}  // namespace kafka_config

#endif  // SCENARIOS_KAFKA_CONFIG_LISTING_H_
