// What the controller answers to a proposed ISR, check by check (KB:R-28).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <optional>
#include <vector>

#include "model/kafka/controller/handlers.h"
#include "model/kafka/controller/records.h"

namespace kafka::controller {
namespace {

constexpr PartitionId kOrders{0};
constexpr BrokerId kB1{0}, kB2{1}, kB3{2};
constexpr sim::ConnectionId kLink{7};

using Item = AlterPartitionRequest::Item;

// A formed cluster of four: orders-0 is assigned to b1, b2, b3, b1 leads under epoch 0, all in
// sync; b4 holds nothing.
struct Desk {
  Setup setup;
  Tables tables;
  sim::Choices choices{1};
  Effects out;
  Controller controller;
  sim::MonoTime mono{};

  Desk() {
    for (const char* name : {"broker-1", "broker-2", "broker-3", "broker-4"}) {
      setup.brokers.emplace_back().name = name;
    }
    setup.topics.push_back({.name = "orders", .settings = {}, .partitions = {kOrders}});
    setup.partitions.push_back({.topic = {0}, .index = 0, .replicas = {kB1, kB2, kB3}});
    tables.appended.resize(1);
    controller = Form(setup, tables);
    out.AttachTables(&tables);
  }
  PartitionState& state() { return controller.process.partitions[0]; }
  Registration& registration(BrokerId broker) { return controller.process.brokers[broker]; }

  // What b1 proposes while everybody is well: {b1, b2}.
  Item Proposal() {
    Item item{.partition = kOrders,
              .isr = BrokerSet::Of(kB1).With(kB2),
              .leader_epoch = state().leader_epoch,
              .partition_epoch = state().partition_epoch};
    std::fill(std::begin(item.member_epochs), std::end(item.member_epochs), -1);
    for (const BrokerId broker : {kB1, kB2}) {
      item.member_epochs[broker.value] = registration(broker).epoch.value;
    }
    return item;
  }
  struct Answer {
    AlterPartitionResponse body;
    AlterPartitionResponse::Item item;
  };
  // None: the answer waits for the metadata log.
  std::optional<Answer> Sent() {
    for (const sim::Effect& effect : out.effects()) {
      if (effect.body_kind != Bodies::KindOf<AlterPartitionResponse>()) continue;
      if (effect.kind != sim::EffectKind::kSend) continue;
      Answer answer{};
      const auto* bytes = reinterpret_cast<const std::byte*>(out.WordsOf(effect).data());
      std::memcpy(&answer.body, bytes, sizeof answer.body);
      if (effect.size > sizeof answer.body) {
        std::memcpy(&answer.item, bytes + sizeof answer.body, sizeof answer.item);
      }
      return answer;
    }
    return std::nullopt;
  }
  Context Ctx() {
    Context ctx;
    ctx.self = kControllerMachine;
    ctx.mono = mono;
    ctx.choices = &choices;
    ctx.setup = &setup;
    ctx.tables = &tables;
    return ctx;
  }
  std::optional<Answer> Ask(const Item& item, BrokerId sender = kB1, BrokerEpoch epoch = {}) {
    out.Clear();
    const std::vector<Item> items = {item};
    if (epoch.value < 0) epoch = registration(sender).epoch;
    OnAlterPartition(Ctx(), controller,
                     sim::Received<AlterPartitionRequest>{
                         kLink, {.correlation = 3, .broker = sender, .broker_epoch = epoch}, items},
                     out);
    return Sent();
  }
  Error Verdict(const Item& item, BrokerId sender = kB1) {
    const std::optional<Answer> answer = Ask(item, sender);
    EXPECT_TRUE(answer.has_value());
    EXPECT_EQ(answer->body.error, Error::kNone);
    return answer->item.error;
  }
};

// KB:C-21: what is promised is committed before it is said.
TEST(AlterPartition, AnAcceptedIsrIsAnsweredWhenItsRecordIsCommitted) {
  Desk desk;
  const size_t records = desk.tables.metadata.size();
  EXPECT_FALSE(desk.Ask(desk.Proposal()).has_value());
  ASSERT_EQ(desk.tables.metadata.size(), records + 1);
  desk.out.Clear();
  OnTimer(desk.Ctx(), desk.controller, {{}, {{kCommitTimer, 0, 0}}, {}}, desk.out);
  const auto answer = desk.Sent();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->item.error, Error::kNone);
  EXPECT_EQ(answer->item.isr, BrokerSet::Of(kB1).With(kB2));
  EXPECT_EQ(answer->item.leader_epoch, LeaderEpoch{0});
  EXPECT_EQ(answer->item.partition_epoch, PartitionEpoch{1});
}

// KB:C-5: the process that the controller knows is another one.
TEST(AlterPartition, OfAnotherIncarnationIsRefusedAsAWhole) {
  Desk desk;
  const auto answer = desk.Ask(desk.Proposal(), kB1, BrokerEpoch{99});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->body.error, Error::kStaleBrokerEpoch);
}

TEST(AlterPartition, OfAFuturePartitionOrEpochMeansThatIAmStale) {
  Desk desk;
  Item item = desk.Proposal();
  item.leader_epoch.value += 1;
  EXPECT_EQ(desk.Verdict(item), Error::kNotController);
  item = desk.Proposal();
  item.partition_epoch.value += 1;
  EXPECT_EQ(desk.Verdict(item), Error::kNotController);
}

TEST(AlterPartition, OfAPartitionThatIsNotThereIsUnknown) {
  Desk desk;
  Item item = desk.Proposal();
  item.partition = {9};
  EXPECT_EQ(desk.Verdict(item), Error::kUnknownTopicOrPartition);
}

TEST(AlterPartition, OfALeaderThatHasBeenReplacedIsFenced) {
  Desk desk;
  const Item item = desk.Proposal();
  desk.state().leader = kB2;
  desk.state().leader_epoch.value = 1;
  desk.state().partition_epoch.value = 1;
  EXPECT_EQ(desk.Verdict(item), Error::kFencedLeaderEpoch);  // before: who are you, before: how old
}

TEST(AlterPartition, OfSomebodyElseThanTheLeaderIsInvalid) {
  Desk desk;
  Item item = desk.Proposal();
  item.partition_epoch.value -= 1;  // also too old, which is looked at later
  EXPECT_EQ(desk.Verdict(item, kB2), Error::kInvalidRequest);
}

TEST(AlterPartition, OnAStateThatHasChangedSinceIsRefusedWithTheOneOfNow) {
  Desk desk;
  const Item item = desk.Proposal();
  desk.state().isr = BrokerSet::Of(kB1).With(kB3);
  desk.state().partition_epoch.value = 1;
  const auto answer = desk.Ask(item);
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->item.error, Error::kInvalidUpdateVersion);
  EXPECT_EQ(answer->item.isr, BrokerSet::Of(kB1).With(kB3));
  EXPECT_EQ(answer->item.partition_epoch, PartitionEpoch{1});
}

TEST(AlterPartition, WithoutMembersWithoutTheLeaderOrBesideTheAssignmentIsInvalid) {
  Desk desk;
  Item item = desk.Proposal();
  for (const uint16_t isr : {0b0000, 0b0110, 0b1011}) {
    item.isr = {isr};
    EXPECT_EQ(desk.Verdict(item), Error::kInvalidRequest) << isr;
  }
}

// KIP-841, KIP-903.
TEST(AlterPartition, WithAMemberThatMayNotBeOneIsIneligible) {
  const auto with = [](void (*change)(Registration&)) {
    Desk desk;
    change(desk.registration(kB2));
    return desk.Verdict(desk.Proposal());
  };
  EXPECT_EQ(with([](Registration& b2) { b2.registered = false; }), Error::kIneligibleReplica);
  EXPECT_EQ(with([](Registration& b2) { b2.fenced = true; }), Error::kIneligibleReplica);
  EXPECT_EQ(with([](Registration& b2) { b2.in_controlled_shutdown = true; }),
            Error::kIneligibleReplica);
  Desk desk;
  const Item item = desk.Proposal();
  desk.registration(kB2).epoch.value += 10;  // b2 has been restarted since it fetched
  EXPECT_EQ(desk.Verdict(item), Error::kIneligibleReplica);
}

TEST(AlterPartition, WithAMemberWhoseIncarnationNobodyKnowsIsTaken) {
  Desk desk;
  Item item = desk.Proposal();
  item.member_epochs[kB2.value] = -1;
  EXPECT_FALSE(desk.Ask(item).has_value());
  EXPECT_EQ(desk.state().isr, BrokerSet::Of(kB1).With(kB2));
}

}  // namespace
}  // namespace kafka::controller
