// tools/analysis/words.h
//
// The model's words as the answers': enums whose numbers are one apart.
#ifndef TOOLS_ANALYSIS_WORDS_H_
#define TOOLS_ANALYSIS_WORDS_H_

#include "model/kafka/ledger/verdict.h"
#include "model/kafka/notes.h"
#include "scenarios/loader/scenario.pb.h"
#include "sim/faults/fault.h"
#include "tools/answers/result.pb.h"

namespace analysis {

template <typename Answer, typename Model>
constexpr Answer WordOf(Model word) {
  return static_cast<Answer>(static_cast<int>(word) + 1);
}
// The model's first word is "none", which is 0 in answers too.
template <typename Answer, typename Model>
constexpr Answer WordOrNone(Model word) {
  return static_cast<Answer>(static_cast<int>(word));
}

constexpr answers::Property AnswerOf(kafka::ledger::Property property) {
  return WordOf<answers::Property>(property);
}
constexpr answers::Status AnswerOf(kafka::ledger::Status status) {
  return WordOf<answers::Status>(status);
}
constexpr answers::Fate AnswerOf(kafka::ledger::Fate fate) { return WordOf<answers::Fate>(fate); }
constexpr answers::LossClass AnswerOf(kafka::ledger::LossClass loss_class) {
  return WordOrNone<answers::LossClass>(loss_class);
}
constexpr answers::Rule AnswerOf(kafka::ledger::Leaf leaf) {
  return WordOrNone<answers::Rule>(leaf);
}
constexpr answers::Mechanism AnswerOf(kafka::ledger::Mechanism mechanism) {
  return WordOrNone<answers::Mechanism>(mechanism);
}
constexpr answers::Cure AnswerOf(kafka::ledger::Cure cure) {
  return WordOrNone<answers::Cure>(cure);
}
constexpr answers::Stop AnswerOf(kafka::ledger::Incident::Kind kind) {
  return WordOf<answers::Stop>(kind);
}
constexpr answers::Doubt::Kind AnswerOf(kafka::ledger::Open open) {
  return WordOrNone<answers::Doubt::Kind>(open);
}
constexpr answers::FaultKind AnswerOf(sim::FaultKind kind) {
  return WordOf<answers::FaultKind>(kind);
}

constexpr answers::ReaderEnd AnswerOf(kafka::ConsumerEnd why) {
  return WordOf<answers::ReaderEnd>(why);
}

// The schema's words have the same numbers.
constexpr answers::Property AnswerOf(loader::proto::Property property) {
  return static_cast<answers::Property>(property);
}
constexpr answers::Status AnswerOf(loader::proto::Status status) {
  return static_cast<answers::Status>(status);
}
constexpr answers::LossClass AnswerOf(loader::proto::LossClass loss_class) {
  return static_cast<answers::LossClass>(loss_class);
}

// The last word of each, so that a new one on either side stops here. tests/tools/words_test.cc
// compares all names.
static_assert(AnswerOf(kafka::ledger::Property::kFlushedBeforeCopied) ==
              answers::FLUSHED_BEFORE_COPIED);
static_assert(AnswerOf(kafka::ledger::Status::kInconclusive) == answers::INCONCLUSIVE);
static_assert(AnswerOf(kafka::ledger::Fate::kPending) == answers::PENDING);
static_assert(AnswerOf(kafka::ledger::LossClass::kUnexplained) == answers::UNEXPLAINED);
static_assert(AnswerOf(kafka::ledger::Leaf::kMediumLost) == answers::RULE_3D);
static_assert(AnswerOf(kafka::ledger::Mechanism::kUncleanElectionByHand) ==
              answers::UNCLEAN_ELECTION_BY_HAND);
static_assert(AnswerOf(kafka::ledger::Cure::kSizeLimits) == answers::SIZE_LIMITS);
static_assert(AnswerOf(kafka::ledger::Incident::Kind::kPowerLost) == answers::POWER_LOST);
static_assert(AnswerOf(kafka::ledger::Open::kNothingCopied) == answers::Doubt::NOTHING_COPIED);
static_assert(AnswerOf(kafka::ConsumerEnd::kLogTruncated) == answers::LOG_TRUNCATED);
static_assert(AnswerOf(sim::FaultKind::kOrder) == answers::order);
static_assert(AnswerOf(loader::proto::FLUSHED_BEFORE_COPIED) == answers::FLUSHED_BEFORE_COPIED);
static_assert(AnswerOf(loader::proto::INCONCLUSIVE) == answers::INCONCLUSIVE);
static_assert(AnswerOf(loader::proto::PROMISE_BROKEN) == answers::PROMISE_BROKEN);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_WORDS_H_
