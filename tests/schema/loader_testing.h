// tests/schema/loader_testing.h
//
// Scenarios from texts, for tests of the loader.
#ifndef TESTS_SCHEMA_LOADER_TESTING_H_
#define TESTS_SCHEMA_LOADER_TESTING_H_

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "scenarios/schema/loader.h"

namespace schema {

inline constexpr char kMinimal[] =
    "name: \"x\" topic { name: \"orders\" } producer { name: \"shop\" topic: \"orders\" } ";

inline LoadedScenario Loaded(std::string_view text) {
  LoadResult result = LoadScenario(text, "test");
  EXPECT_TRUE(result.scenario) << Describe(result.errors) << "in\n" << text;
  return result.scenario.value_or(LoadedScenario{});
}

// One line an error.
inline std::string ErrorsOf(std::string_view text) {
  return Describe(LoadScenario(text, "test").errors);
}

}  // namespace schema

#endif  // TESTS_SCHEMA_LOADER_TESTING_H_
