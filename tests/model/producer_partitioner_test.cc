// Keys go where Kafka's own client sends them (KC:P-19). The values are those of its test suite.
#include <gtest/gtest.h>

#include "model/kafka/producer/partitioner.h"

namespace kafka::producer {
namespace {

TEST(ProducerPartitioner, MurmurOfKafkasOwnVectorsIsKafkas) {
  EXPECT_EQ(Murmur2("21"), -973932308);
  EXPECT_EQ(Murmur2("foobar"), -790332482);
  EXPECT_EQ(Murmur2("a-little-bit-long-string"), -985981536);
  EXPECT_EQ(Murmur2("a-little-bit-longer-string"), -1486304829);
  EXPECT_EQ(Murmur2("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8"), -58897971);
  EXPECT_EQ(Murmur2("abc"), 479470107);
}

TEST(ProducerPartitioner, ANumbersDigitsAreTheBytesOfItsKey) {
  EXPECT_EQ(KeyBytes(0), 1u);
  EXPECT_EQ(KeyBytes(4294967295u), 10u);
  EXPECT_EQ(PartitionForKey(21, 7), (static_cast<uint32_t>(-973932308) & 0x7fffffff) % 7);
}

}  // namespace
}  // namespace kafka::producer
