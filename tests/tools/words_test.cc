// The words of a verdict are the same in the model, in the scenarios' schema and in the answers.
#include "tools/analysis/words.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <string>

namespace analysis {
namespace {

namespace ledger = kafka::ledger;

std::string Upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

TEST(Words, PropertiesStatusesAndFatesAreTheModels) {
  for (uint32_t i = 0; i < ledger::kPropertyCount; ++i) {
    const auto property = static_cast<ledger::Property>(i);
    EXPECT_EQ(answers::Property_Name(AnswerOf(property)), ledger::NameOf(property));
  }
  for (const auto status :
       {ledger::Status::kHeld, ledger::Status::kBroken, ledger::Status::kInconclusive}) {
    EXPECT_EQ(answers::Status_Name(AnswerOf(status)), ledger::NameOf(status));
  }
  for (uint32_t i = 0; i < ledger::kFateCount; ++i) {
    const auto fate = static_cast<ledger::Fate>(i);
    EXPECT_EQ(answers::Fate_Name(AnswerOf(fate)), ledger::NameOf(fate));
  }
}

TEST(Words, ClassesMechanismsAndCuresAreTheModels) {
  for (int i = answers::AS_CONFIGURED; i <= answers::UNEXPLAINED; ++i) {
    const auto loss_class = static_cast<ledger::LossClass>(i);
    EXPECT_EQ(answers::LossClass_Name(AnswerOf(loss_class)), ledger::NameOf(loss_class));
  }
  for (int i = 1; i < answers::Mechanism_ARRAYSIZE; ++i) {
    const auto mechanism = static_cast<ledger::Mechanism>(i);
    EXPECT_EQ(answers::Mechanism_Name(AnswerOf(mechanism)), Upper(ledger::NameOf(mechanism)));
  }
  for (int i = 1; i < answers::Cure_ARRAYSIZE; ++i) {
    const auto cure = static_cast<ledger::Cure>(i);
    EXPECT_EQ(answers::Cure_Name(AnswerOf(cure)), Upper(ledger::NameOf(cure)));
  }
  for (int i = answers::RULE_2; i <= answers::RULE_3E; ++i) {
    const auto leaf = static_cast<ledger::Leaf>(i);
    EXPECT_EQ(answers::Rule_Name(AnswerOf(leaf)), "RULE_" + Upper(ledger::NameOf(leaf)));
  }
  EXPECT_EQ(answers::Rule_Name(AnswerOf(ledger::Leaf::kMediumLost)), "RULE_3D");
}

TEST(Words, TheSchemasAreTheAnswers) {
  for (int i = 0; i < answers::Property_ARRAYSIZE; ++i) {
    EXPECT_EQ(answers::Property_Name(i), loader::proto::Property_Name(i));
  }
  for (int i = 0; i < answers::Status_ARRAYSIZE; ++i) {
    EXPECT_EQ(answers::Status_Name(i), loader::proto::Status_Name(i));
  }
  for (int i = 0; i <= answers::PROMISE_BROKEN; ++i) {
    EXPECT_EQ(answers::LossClass_Name(i), loader::proto::LossClass_Name(i));
  }
}

}  // namespace
}  // namespace analysis
