// What Kafka's parts say: the list of kinds.
#include "model/kafka/notes.h"

#include <gtest/gtest.h>

#include <iterator>
#include <set>
#include <string>
#include <utility>

#include "tests/support/note_fields.h"

namespace kafka {
namespace {

TEST(Notes, EachKindIsEncodedAndDecodedToItself) {
  Notes::ForEach([]<typename N>() { note_fields::ExpectThereAndBack<N>(); });
}

constexpr std::pair<uint16_t, const char*> kExpected[] = {{1, "process_started"},
                                                          {2, "process_killed"},
                                                          {3, "process_exited"},
                                                          {4, "stop_requested"},
                                                          {5, "kernel_panic"},
                                                          {6, "power_lost"},
                                                          {7, "power_back"},
                                                          {8, "paused"},
                                                          {9, "resumed"},
                                                          {10, "link_cut"},
                                                          {11, "link_healed"},
                                                          {12, "link_slowed"},
                                                          {13, "disk_slowed"},
                                                          {14, "clock_stepped"},
                                                          {15, "fault_fired"},
                                                          {16, "written_back"},
                                                          {17, "data_lost"},
                                                          {18, "connected"},
                                                          {19, "disconnected"},
                                                          {20, "grace_over"},
                                                          {21, "disk_replaced"},
                                                          {22, "found"},
                                                          {32, "sent"},
                                                          {33, "send_refused"},
                                                          {34, "batch_closed"},
                                                          {35, "produce_sent"},
                                                          {36, "acknowledged_to_application"},
                                                          {37, "failed_to_application"},
                                                          {38, "retried"},
                                                          {39, "renumbered"},
                                                          {40, "producer_idle"},
                                                          {41, "appended"},
                                                          {42, "duplicate"},
                                                          {43, "produce_rejected"},
                                                          {44, "acknowledged"},
                                                          {45, "truncated"},
                                                          {46, "loaded"},
                                                          {47, "recovered"},
                                                          {48, "flushed"},
                                                          {49, "high_watermark"},
                                                          {50, "follower_high_watermark"},
                                                          {51, "fetch_answered"},
                                                          {52, "follower_fetched"},
                                                          {53, "served"},
                                                          {54, "became_leader"},
                                                          {55, "became_follower"},
                                                          {56, "isr_proposed"},
                                                          {57, "isr_committed"},
                                                          {58, "epoch_assigned"},
                                                          {59, "registered"},
                                                          {60, "fenced"},
                                                          {61, "unfenced"},
                                                          {62, "controlled_shutdown"},
                                                          {63, "partition_state"},
                                                          {64, "polled"},
                                                          {65, "processed"},
                                                          {66, "committed"},
                                                          {67, "position_reset"},
                                                          {68, "consumer_caught_up"},
                                                          {69, "proposal_forgotten"},
                                                          {70, "consumer_ended"},
                                                          {71, "log_kept"},
                                                          {76, "setting_changed"},
                                                          {77, "election_asked"},
                                                          {78, "setting_applied"}};

// Numbers are in digests and capsules, names in scenarios and traces: neither ever changes.
TEST(Notes, NumbersAndNamesStay) {
  std::set<std::pair<uint16_t, std::string>> listed;
  AllNotes::ForEach([&]<typename N>() {
    listed.insert({N::kNote.number, std::string(N::kNote.name)});
  });
  const std::set<std::pair<uint16_t, std::string>> expected(std::begin(kExpected),
                                                            std::end(kExpected));
  EXPECT_EQ(listed, expected);
  EXPECT_EQ(listed.size(), AllNotes::kSize) << "unique";
  for (const auto& [number, name] : expected) EXPECT_EQ(AllNotes::NameOf(number), name);
  EXPECT_STREQ(AllNotes::NameOf(31), "unknown");
  EXPECT_STREQ(AllNotes::NameOf(60'000), "unknown");
}

TEST(Notes, EveryKindHasASpeaker) {
  EXPECT_EQ(SpeakerOf(notes::Appended::kNote.number), notes::Speaker::kBroker);
  EXPECT_EQ(SpeakerOf(notes::ProposalForgotten::kNote.number), notes::Speaker::kBroker);
  EXPECT_EQ(SpeakerOf(notes::Committed::kNote.number), notes::Speaker::kOffsetStore);
  EXPECT_EQ(SpeakerOf(sim::notes::PowerLost::kNote.number), notes::Speaker::kEngine);
  Notes::ForEach(
      []<typename N>() { EXPECT_NE(SpeakerOf(N::kNote.number), notes::Speaker::kEngine); });
  BrokerNotes::ForEach([]<typename N>() {
    EXPECT_EQ(SpeakerOf(N::kNote.number), notes::Speaker::kBroker) << N::kNote.name;
    EXPECT_TRUE(notes::HasPartition<N>) << N::kNote.name;
  });
}

TEST(Notes, ThePartitionIsTheSubjectOfAllThatHaveOne) {
  Notes::ForEach([]<typename N>() {
    EXPECT_EQ(IsAboutPartition(N::kNote.number), notes::HasPartition<N>) << N::kNote.name;
    if constexpr (notes::HasPartition<N>) {
      N said{};
      said.partition = {5};
      EXPECT_EQ(PartitionOf(sim::Note::Of({}, said)), PartitionId{5}) << N::kNote.name;
    }
  });
  EXPECT_FALSE(IsAboutPartition(notes::ProducerIdle::kNote.number));
  EXPECT_FALSE(IsAboutPartition(sim::notes::WrittenBack::kNote.number));
}

TEST(Notes, AFaultPointIsFoundByTheNameInScenarios) {
  EXPECT_EQ(KindOfFaultPoint("ELECTED"), notes::BecameLeader::kNote.number);
  EXPECT_EQ(KindOfFaultPoint("appended"), std::nullopt);
}

}  // namespace
}  // namespace kafka
