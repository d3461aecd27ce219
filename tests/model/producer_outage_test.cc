// KC:P-37: what a producer does when none of its brokers is there to be asked.
#include <gtest/gtest.h>

#include "tests/model/producer_fixture.h"

namespace kafka::producer {
namespace {

using sim::Milliseconds;
using sim::Seconds;

// Every connection that is being made is refused.
void RefuseAll(Desk& desk) {
  while (!desk.connecting.empty()) {
    const auto [connection, broker] = desk.connecting.front();
    desk.connecting.erase(desk.connecting.begin());
    desk.Call(OnDisconnected, connection,
              sim::Disconnected{MachineOf(broker), sim::Disconnect::kRefused});
  }
}
// A is sent, and its answer lost with every connection; a second later comes B.
Desk Outage() {
  Desk desk(2);
  desk.program().interval = Seconds(2);
  desk.settings().max_block = Seconds(5);
  desk.Start();
  EXPECT_EQ(desk.OnTheWire(), "A");
  desk.Pass(Seconds(1));
  for (const BrokerId broker : {kB1, kB2, kB3}) {
    if (desk.process().client.node(broker).state == client::Node::State::kReady)
      desk.Disconnect(broker);
  }
  return desk;
}

TEST(ProducerOutage, WhenEveryBrokerRefusesSendWaitsForMetadataAndFails) {
  Desk desk = Outage();
  for (int i = 0; i < 10; ++i) {
    RefuseAll(desk);
    desk.Pass(Milliseconds(90));
  }
  EXPECT_FALSE(desk.process().topic_known);  // within a second
  for (int i = 0; i < 70; ++i) {
    RefuseAll(desk);
    desk.Pass(Milliseconds(100));
  }
  ASSERT_EQ(desk.NotesOf<notes::SendRefused>().size(), 1u);
  EXPECT_EQ(desk.NotesOf<notes::SendRefused>()[0].error, Error::kTimeout);
  EXPECT_EQ(desk.NotesOf<notes::Sent>().size(), 1u);
}

TEST(ProducerOutage, WithOneBrokerLeftSendGoesOn) {
  Desk desk = Outage();
  for (int i = 0; i < 20; ++i) {
    while (!desk.connecting.empty()) {
      const auto [connection, broker] = desk.connecting.front();
      desk.connecting.erase(desk.connecting.begin());
      if (broker == kB3) {
        desk.Shake(connection, broker);
        continue;
      }
      desk.Call(OnDisconnected, connection,
                sim::Disconnected{MachineOf(broker), sim::Disconnect::kRefused});
    }
    while (!desk.metadata.empty()) desk.AnswerMetadata();  // of b3: b1 leads, as far as it knows
    desk.Pass(Milliseconds(100));
  }
  EXPECT_TRUE(desk.process().topic_known);
  EXPECT_EQ(desk.NotesOf<notes::Sent>().size(), 2u);
}

// metadata.recovery.strategy=none: what is known is kept, and batches are filled (KC:P-37).
TEST(ProducerOutage, WithoutTheRecoverySendGoesOnIntoTheBuffer) {
  Desk desk(60);
  desk.program().interval = Milliseconds(100);
  desk.settings().metadata_recovery = MetadataRecovery::kNone;
  desk.Start();
  desk.produced.clear();
  desk.Disconnect(kB1);
  for (int i = 0; i < 50; ++i) {
    RefuseAll(desk);
    desk.Pass(Milliseconds(100));
  }
  EXPECT_TRUE(desk.process().topic_known);
  EXPECT_GE(desk.NotesOf<notes::Sent>().size(), 50u);
}

// Nobody refuses, nobody answers: there is always a broker that may yet, and the client waits.
TEST(ProducerOutage, WhenEveryBrokerIsSilentSendGoesOnIntoTheBuffer) {
  Desk desk(120);
  desk.program().interval = Seconds(1);
  desk.Start();
  desk.produced.clear();
  for (int i = 0; i < 1'100; ++i) {
    desk.connecting.clear();
    desk.metadata.clear();
    desk.Pass(Milliseconds(100));
  }
  EXPECT_TRUE(desk.process().topic_known);
  EXPECT_EQ(desk.NotesOf<notes::Sent>().size(), 111u);
}

}  // namespace
}  // namespace kafka::producer
