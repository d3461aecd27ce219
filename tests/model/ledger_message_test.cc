// What the ledger knows of single messages: of the parts of a split batch, of a program that does not
// look, of a send() that never returned, and of what a group processed.
#include <gtest/gtest.h>

#include "tests/model/ledger_story.h"

namespace kafka::ledger {
namespace {

using kafka::Acks;
using kafka::Election;

uint64_t CountOf(const Verdict& verdict, Fate fate) {
  return verdict.fates[static_cast<uint32_t>(fate)];
}

// ---- A batch that is split: each part has an end of its own.

struct Split : Story {
  explicit Split(const StoryOptions& options) : Story(options) {
    whole = SendTogether(3);
    Say(Broker(0),
        notes::ProduceRejected{
            .partition = kPartition, .batch = whole, .error = kafka::Error::kMessageTooLarge});
    Say(producer(), notes::Retried{.partition = kPartition,
                                   .batch = whole,
                                   .error = kafka::Error::kMessageTooLarge,
                                   .attempt = 0});
    first = BatchOf({0}, 1);
  }
  kafka::BatchId whole;
  kafka::BatchId first;
};

// The first part is acknowledged; the producer dies with the others, which were never sent.
TEST(SplitBatch, TheFirstPartsAcknowledgementTellsNothingOfTheOthers) {
  Split story({.acks = Acks::kAll});
  story.Write(story.first, 0, {1, 2});
  story.Watermark(0, 1, story.in_sync);
  story.Told(story.first);
  story.Say(story.producer(), sim::notes::ProcessKilled{});

  const Verdict verdict = story.Finish();
  EXPECT_EQ(CountOf(verdict, Fate::kOk), 1u);
  EXPECT_EQ(CountOf(verdict, Fate::kLostAfterAck), 0u);
  EXPECT_EQ(CountOf(verdict, Fate::kLostSilent), 2u);
  ASSERT_EQ(verdict.findings.size(), 1u);
  EXPECT_EQ(verdict.findings[0].mechanism, Mechanism::kProducerDied);
  EXPECT_EQ(verdict.findings[0].cure, Cure::kNone);  // no size limit had a part in it
  EXPECT_EQ(verdict.of(Property::kNoAckedLoss).status, Status::kHeld);
}

// The second part is lost by its own acks=1, the first one stays.
TEST(SplitBatch, ALossIsOfThePartThatWasLost) {
  Split story({.acks = Acks::kLeader});
  const kafka::BatchId second = story.BatchOf({1}, 2);
  story.Write(story.first, 0, {1, 2});
  story.Watermark(0, 1, story.in_sync);
  story.Told(story.first);
  story.Append(0, second);
  story.Told(second);
  story.Kill(0);
  story.Elect(1, Election::kFromIsr, 1, Story::Set({1, 2}));
  story.Truncate(0, 1);

  const Verdict verdict = story.Finish();
  EXPECT_EQ(CountOf(verdict, Fate::kLostAfterAck), 2u);
  ASSERT_EQ(verdict.findings.size(), 1u);
  EXPECT_EQ(verdict.findings[0].leaf, Leaf::kBeforeCommit);
  EXPECT_EQ(verdict.findings[0].mechanism, Mechanism::kLeaderDiedBeforeCopy);
  EXPECT_EQ(verdict.findings[0].messages, (std::vector<kafka::MessageId>{{1}, {2}}));
}

// Every part of it is acknowledged, and each message counts once for a fault's guard.
TEST(SplitBatch, ToldMessagesAreCountedOnce) {
  Split story({.acks = Acks::kLeader});
  story.Append(0, story.first);
  story.Told(story.first);
  EXPECT_EQ(story.truth.ledger.told_count, 1u);
  const kafka::BatchId second = story.BatchOf({1}, 2);
  story.Append(0, second);
  story.Told(second);
  EXPECT_EQ(story.truth.ledger.told_count, 3u);
}

// ---- A program without a callback is told nothing.

TEST(NobodyLooks, AnAcknowledgementReachesNobodyAndNothingIsBroken) {
  Story story({.has_callback = false});
  story.Committed();
  const Verdict verdict = story.Finish();
  EXPECT_EQ(CountOf(verdict, Fate::kOk), 1u);
  EXPECT_EQ(verdict.of(Property::kNoAckedLoss).open, Open::kNothingAcknowledged);
  EXPECT_EQ(verdict.of(Property::kNoSilentLoss).status, Status::kHeld);
}

TEST(NobodyLooks, WhatTheClientWasToldIsAPromiseAllTheSame) {
  for (const bool keeps : {true, false}) {
    Story story({.acks = keeps ? Acks::kLeader : Acks::kAll, .has_callback = false});
    if (keeps) {
      const auto batch = story.Send();
      story.Append(0, batch);
      story.Told(batch);
      story.Kill(0);
      story.Elect(1, Election::kFromIsr, 1, Story::Set({1, 2}));
    } else {  // somebody leads who threw a committed copy away
      story.Committed();
      story.Truncate(1, 0);
      story.Elect(1, Election::kFromIsr, 1, Story::Set({1}));
      story.Truncate(2, 0);
    }
    story.Truncate(0, 0);

    const Verdict verdict = story.Finish();
    EXPECT_EQ(CountOf(verdict, Fate::kLostSilent), 1u);
    ASSERT_EQ(verdict.findings.size(), 1u);
    EXPECT_EQ(verdict.findings[0].property, Property::kNoSilentLoss);
    const LossClass expected = keeps ? LossClass::kAsConfigured : LossClass::kPromiseBroken;
    EXPECT_EQ(verdict.findings[0].loss_class, expected);
    EXPECT_EQ(verdict.findings[0].leaf, keeps ? Leaf::kBeforeCommit : Leaf::kAnythingElse);
  }
}

// With acks=0 as well: what was never handed to a socket is lost with its process, under any acks.
TEST(NobodyLooks, WhatDiedInTheQueueIsNoMatterOfAcks) {
  Story story({.acks = Acks::kNone, .has_callback = false});
  story.Send();
  story.Say(story.producer(), sim::notes::ProcessKilled{});
  const Verdict verdict = story.Finish();
  ASSERT_EQ(verdict.findings.size(), 1u);
  EXPECT_EQ(verdict.findings[0].mechanism, Mechanism::kProducerDied);
  EXPECT_EQ(verdict.findings[0].cure, Cure::kNone);
}

// ---- A send() that was blocked when its process ended.

TEST(BlockedSend, IsCountedWhenItsProcessEnds) {
  Story story;
  story.Committed();
  story.HandOver();
  EXPECT_EQ(story.truth.ledger.sent_count, 1u);
  story.Say(story.producer(), sim::notes::ProcessKilled{});
  EXPECT_EQ(story.truth.ledger.sent_count, 2u);

  const Verdict verdict = story.Finish();
  EXPECT_EQ(verdict.sent, 2u);
  EXPECT_EQ(CountOf(verdict, Fate::kLostSilent), 1u);
  ASSERT_EQ(verdict.findings.size(), 1u);
  EXPECT_EQ(verdict.findings[0].mechanism, Mechanism::kProducerDied);
}

TEST(BlockedSend, IsNotSentWhileItsProcessRuns) {
  Story story;
  story.HandOver();
  EXPECT_EQ(story.Finish().sent, 0u);
}

// ---- What a group processed is told by the entry that it had in its hands.

struct Reading : Story {
  Reading() : Story({.acks = Acks::kLeader}) {
    setup.groups = {"billing"};
    setup.consumers.resize(1);
    setup.consumers[0].name = "consumer/billing";
    setup.consumers[0].program.topic = {0};
    setup.consumers[0].program.group = {0};
    truth.Begin(setup);
    // b0 serves what b1 never had; b1 leads, and writes another message at that offset.
    dead = Append(0, Send());
    Watermark(0, 1, Set({0}));
    Kill(0);
    Elect(1, Election::kFromIsr, 1, Set({1}));
    const kafka::BatchId batch = Send();
    live = Append(1, batch, 1);
    Watermark(1, 1, Set({1}), 1);
    Told(batch);
    Truncate(0, 0);
  }
  void Processed(kafka::AppendedId entry) {
    Say(MachineOf(setup, kafka::ConsumerIndex{0}),
        notes::Processed{
            .partition = kPartition, .consumer = {0}, .from = {0}, .to = {1}, .first = entry});
  }
  Fate FateOfLive() { return Finish().read.fates[1]; }
  kafka::AppendedId dead;
  kafka::AppendedId live;
};

// Out of a buffer that was filled before: the message at that offset now was skipped.
TEST(Processed, WhatAnotherHistoryHeldAtTheOffsetIsNotTheMessage) {
  Reading story;
  story.Processed(story.dead);
  EXPECT_EQ(story.FateOfLive(), Fate::kSkipped);
}

TEST(Processed, OneOffsetTwiceIsNoDuplicateOfEither) {
  Reading story;
  story.Processed(story.dead);
  story.Processed(story.live);
  EXPECT_EQ(story.FateOfLive(), Fate::kOk);
}

TEST(Processed, TheSameEntryTwiceIs) {
  Reading story;
  story.Processed(story.live);
  story.Processed(story.live);
  EXPECT_EQ(story.FateOfLive(), Fate::kDuplicate);
}

}  // namespace
}  // namespace kafka::ledger
