// tests/scenarios/loader/loader_testing.h
//
// Scenarios from texts, for tests of the loader.
#ifndef TESTS_SCENARIOS_LOADER_LOADER_TESTING_H_
#define TESTS_SCENARIOS_LOADER_LOADER_TESTING_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>

#include "scenarios/loader/loader.h"

namespace loader {

inline constexpr char kMinimal[] =
    "name: \"x\" topic { name: \"orders\" } producer { name: \"shop\" topic: \"orders\" } ";

inline LoadedScenario Loaded(std::string_view text) {
  LoadResult result = LoadScenario(text, "test");
  EXPECT_TRUE(result.scenario) << kafka_config::Describe(result.errors) << "in\n" << text;
  return result.scenario.value_or(LoadedScenario{});
}

// One line an error.
inline std::string ErrorsOf(std::string_view text) {
  return kafka_config::Describe(LoadScenario(text, "test").errors);
}

// Bytes changed, cut out, doubled or moved from another file.
inline std::string Damaged(std::string text, std::string_view other, std::mt19937_64& random) {
  const auto below = [&](size_t n) {
    return static_cast<size_t>(random() % std::max<size_t>(n, 1));
  };
  for (uint64_t left = 1 + random() % 4; left > 0 && !text.empty(); --left) {
    const size_t at = below(text.size());
    const size_t size = below(20);
    switch (random() % 6) {
      case 0:
        text[at] = static_cast<char>(random());
        break;
      case 1:
        text.erase(at, size);
        break;
      case 2:
        text.insert(at, text.substr(below(text.size()), size));
        break;
      case 3:
        text.resize(at);
        break;
      case 4:
        text.insert(at, other.substr(below(other.size()), size * 4));
        break;
      case 5:
        text.insert(at, 1, "{}[]<>:;,\"'\\#-\n\t"[random() % 16]);
        break;
    }
  }
  return text;
}

}  // namespace loader

#endif  // TESTS_SCENARIOS_LOADER_LOADER_TESTING_H_
