#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "scenarios/kafka_config/text.h"
#include "scenarios/kafka_config/values.h"

namespace kafka_config {
namespace {

struct ValueCase {
  std::string type, valid, value;
  std::string objection;  // "" if Kafka takes the value
};

// Kafka's ConfigDef#parseType and its validators.
const ValueCase kValueCases[] = {
    {"BOOLEAN", "", "true", ""},
    {"BOOLEAN", "", " TRUE ", ""},
    {"BOOLEAN", "", "False", ""},
    {"BOOLEAN", "", "yes", "Expected value to be either true or false"},
    {"BOOLEAN", "", "", "Expected value to be either true or false"},
    {"INT", "", "2147483647", ""},
    {"INT", "", "2147483648", "Not a number of type INT"},
    {"INT", "", "-2147483648", ""},
    {"INT", "", "+5", ""},
    {"INT", "", "+-5", "Not a number of type INT"},
    {"INT", "", "5.0", "Not a number of type INT"},
    {"INT", "", "0x10", "Not a number of type INT"},
    {"INT", "", "5 6", "Not a number of type INT"},
    {"INT", "", "1_000", "Not a number of type INT"},
    {"INT", "", "", "Not a number of type INT"},
    {"INT", "", "\t12 ", ""},
    {"SHORT", "[1,...]", "32767", ""},
    {"SHORT", "[1,...]", "32768", "Not a number of type SHORT"},
    {"LONG", "", "9223372036854775807", ""},
    {"LONG", "", "9223372036854775808", "Not a number of type LONG"},
    {"INT", "[1,...]", "1", ""},
    {"INT", "[1,...]", "0", "Value must be at least 1"},
    {"INT", "[0,...,3600]", "3600", ""},
    {"INT", "[0,...,3600]", "3601", "Value must be no more than 3600"},
    {"INT", "[1,...,9] or -1", "-1", ""},
    {"INT", "[1,...,9] or -1", "0", "Value must be between 1 and 9 or equal to -1"},
    {"INT", "[-131072,...,22]", "-131072", ""},
    {"DOUBLE", "[0.5,...,1.0]", "0.5", ""},
    {"DOUBLE", "[0.5,...,1.0]", "1e0", ""},
    {"DOUBLE", "[0.5,...,1.0]", "1d", ""},
    {"DOUBLE", "[0.5,...,1.0]", "0.4999", "Value must be at least 0.5"},
    {"DOUBLE", "[0.5,...,1.0]", "1.01", "Value must be no more than 1.0"},
    {"DOUBLE", "[0,...,1]", "inf", "Not a number of type DOUBLE"},
    {"DOUBLE", "[0,...,1]", "half", "Not a number of type DOUBLE"},
    {"STRING", "[all, -1, 0, 1]", "all", ""},
    {"STRING", "[all, -1, 0, 1]", " -1 ", ""},
    {"STRING", "[all, -1, 0, 1]", "ALL", "String must be one of: all, -1, 0, 1"},
    {"STRING", "[all, -1, 0, 1]", "2", "String must be one of: all, -1, 0, 1"},
    {"STRING", "(case insensitive) [CONSUMER, CLASSIC]", "classic", ""},
    {"STRING", "(case insensitive) [CONSUMER, CLASSIC]", "new",
     "String must be one of (case insensitive): CONSUMER, CLASSIC"},
    {"STRING", "non-empty string", " ", "String must be non-empty"},
    {"STRING", "[latest, earliest, none, by_duration:PnDTnHnMn.nS]", "by_duration:PT1H30M", ""},
    {"STRING", "[latest, earliest, none, by_duration:PnDTnHnMn.nS]", "by_duration:1h",
     "String must be one of: latest, earliest, none, by_duration:PnDTnHnMn.nS"},
    {"LIST", "[compact, delete]", "delete , compact", ""},
    {"LIST", "[compact, delete]", "", ""},
    {"LIST", "[compact, delete]", "delete,remove", "String must be one of: compact, delete"},
    {"LIST", "non-empty list", "", "List must not be empty"},
    {"CLASS", "", "com.example.Any", ""},
    {"PASSWORD", "", "", ""},
};

TEST(ConfigValues, AreCheckedAsKafkaChecksThem) {
  for (const ValueCase& c : kValueCases) {
    SCOPED_TRACE(Cat(c.type, " ", c.valid, " '", c.value, "'"));
    const ValueType type = *ParseValueType(c.type);
    const auto rule = ParseValueRule(type, c.valid);
    ASSERT_TRUE(rule.has_value());
    EXPECT_EQ(Objection(type, *rule, c.value).value_or(""), c.objection);
  }
}

TEST(ConfigValues, CanonicalFormIsWhatTheModelReads) {
  EXPECT_EQ(Canonical(ValueType::kBoolean, " TRUE "), "true");
  EXPECT_EQ(Canonical(ValueType::kInt, " +007 "), "7");
  EXPECT_EQ(Canonical(ValueType::kLong, "9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(Canonical(ValueType::kList, " a , b"), "a,b");
  EXPECT_EQ(Canonical(ValueType::kString, " All "), "All");
}

TEST(ConfigText, EditDistanceCountsASwapAsOne) {
  EXPECT_EQ(EditDistance("acks", "acks", 3), 0);
  EXPECT_EQ(EditDistance("ackss", "acks", 3), 1);
  EXPECT_EQ(EditDistance("akcs", "acks", 3), 1);
  EXPECT_EQ(EditDistance("kitten", "sitting", 3), 3);
  EXPECT_EQ(EditDistance("kitten", "sitting", 2), 3);
  EXPECT_EQ(EditDistance("", "abc", 5), 3);
  EXPECT_EQ(EditDistance("a", "abcdefgh", 2), 3);
}

TEST(ConfigText, NothingReachesATerminalAsACommand) {
  EXPECT_EQ(Printable("a\x1b[31m\n"), "a\\x1b[31m\\x0a");
  EXPECT_EQ(Printable(std::string(1000, 'x')).size(), 203u);
}

}  // namespace
}  // namespace kafka_config
