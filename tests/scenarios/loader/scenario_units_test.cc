// Durations, sizes and SHA-256.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "scenarios/loader/sha256.h"
#include "scenarios/loader/units.h"

namespace loader {
namespace {

TEST(ParseDuration, ReadsANumberAndAUnit) {
  EXPECT_EQ(ParseDuration("7ns"), sim::Nanoseconds(7));
  EXPECT_EQ(ParseDuration("250us"), sim::Microseconds(250));
  EXPECT_EQ(ParseDuration("0.3ms"), sim::Microseconds(300));
  EXPECT_EQ(ParseDuration("1.000000001s"), sim::Nanoseconds(1'000'000'001));
  EXPECT_EQ(ParseDuration("2m"), sim::Seconds(120));
  EXPECT_EQ(ParseDuration("24h"), sim::Seconds(86'400));
  EXPECT_EQ(ParseDuration("-1.5s"), sim::Milliseconds(-1500));
  EXPECT_EQ(ParseDuration("0s"), sim::Duration{});
}

TEST(ParseDuration, RefusesEverythingElse) {
  for (const char* text :
       {"", "s", "5", "5 s", "5sec", "5S", ".5s", "5.s", "1.2.3s", "0.5ns", "--5s", "+5s", "1e3s",
        "24.1h", "99999999999999999999s", "0x5s", "9223372036854775807ns"}) {
    EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
  }
}

TEST(ParseSize, ReadsBinaryUnits) {
  EXPECT_EQ(ParseSize("100B"), 100);
  EXPECT_EQ(ParseSize("1.5KiB"), 1536);
  EXPECT_EQ(ParseSize("2GiB"), int64_t{2} << 30);
  for (const char* text : {"", "5", "5KB", "5kiB", "-5B", "0.5B", "2000000GiB"}) {
    EXPECT_EQ(ParseSize(text), std::nullopt) << text;
  }
}

TEST(DurationText, IsReadBack) {
  EXPECT_TRUE(rc::check("ParseDuration(DurationText(d)) == d", [] {
    const auto unit = *rc::gen::element<int64_t>(1, 1'000, 1'000'000, 1'000'000'000);
    const sim::Duration duration{*rc::gen::inRange<int64_t>(-80'000, 80'000) * unit};
    RC_ASSERT(ParseDuration(DurationText(duration)) == duration);
  }));
}

// FIPS 180-4, and NIST's example of a million letters.
TEST(Sha256, KnownVectors) {
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256Hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Sha256Hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// Around the edges of the 64-byte block and its padding; from coreutils' sha256sum.
TEST(Sha256, BlockEdges) {
  EXPECT_EQ(Sha256Hex(std::string(55, 'x')),
            "d5e285683cd4efc02d021a5c62014694958901005d6f71e89e0989fac77e4072");
  EXPECT_EQ(Sha256Hex(std::string(56, 'x')),
            "04c26261370ee7541549d16dee320c723e3fd14671e66a099afe0a377c16888e");
  EXPECT_EQ(Sha256Hex(std::string(63, 'x')),
            "75220b47218278e656f2013bb8f0c455a25eaf01e86c64924e9d48d89776d6f2");
  EXPECT_EQ(Sha256Hex(std::string(64, 'x')),
            "7ce100971f64e7001e8fe5a51973ecdfe1ced42befe7ee8d5fd6219506b5393c");
}

}  // namespace
}  // namespace loader
