// tools/analysis/improvements.h
//
// Values of settings that an engineer would try, and the ends of a message that they bear on.
#ifndef TOOLS_ANALYSIS_IMPROVEMENTS_H_
#define TOOLS_ANALYSIS_IMPROVEMENTS_H_

#include <cstdint>
#include <span>

#include "scenarios/kafka_config/tables.h"
#include "tools/analysis/story.h"

namespace analysis {

// Ends of a message that a setting may bear on.
enum Bears : uint8_t {
  kLost = 1,
  kSilent = 2,  // lost, and nobody was told anything
  kDuplicated = 4,
  kOutOfOrder = 8,
  kFailed = 16,
  kGone = 32,    // invisible, pending at its producer
  kUnread = 64,  // skipped by a group, or not come to
};

// When the value in force needs no improvement.
enum class Enough : uint8_t { kEqual, kAtLeast, kAtMost };

// A value that an engineer would try in the place of the one in force.
struct Improvement {
  kafka_config::Scope scope;
  const char* name;
  const char* value;
  Enough enough;
  uint8_t bears;
  bool said;  // also when it is in force already
};

// In the order in which they are tried; the likely ones first.
std::span<const Improvement> Improvements();

// The end that the message of the story met, as one of Bears.
uint8_t BearsOn(const Story& story);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_IMPROVEMENTS_H_
