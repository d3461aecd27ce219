// The loader's contract: what is written is understood, what is wrong is named with its place.
#include "scenarios/loader/loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/scenarios/loader/loader_testing.h"

namespace loader {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Loader, AMinimalScenarioGetsEveryDefault) {
  const LoadedScenario loaded =
      Loaded("name: \"x\" topic { name: \"orders\" } producer { name: \"shop\" }");
  EXPECT_EQ(loaded.scenario.cluster().brokers(), 3u);
  EXPECT_THAT(loaded.scenario.cluster().racks(), ElementsAre("r1", "r2", "r3"));
  EXPECT_THAT(loaded.scenario.cluster().rooms(), ElementsAre("room1", "room1", "room1"));
  EXPECT_TRUE(loaded.scenario.cluster().elr());
  EXPECT_EQ(loaded.scenario.producer(0).topic(), "orders");
  EXPECT_TRUE(loaded.scenario.producer(0).callback());
  EXPECT_FALSE(loaded.scenario.producer(0).has_rate_per_s()) << "absent is a closed loop";
  EXPECT_FALSE(loaded.scenario.topic(0).has_replication_factor()) << "Kafka's settings decide";
  EXPECT_THAT(loaded.scenario.expect(), SizeIs(2));
}

TEST(Loader, FiguresThatNobodyGaveAreAssumed) {
  const LoadedScenario loaded = Loaded(std::string(kMinimal) + R"(
      network { between_brokers: "2ms" }
      cluster { host { file_system: XFS } })");
  const auto& assumed = loaded.scenario.assumed();
  const auto is_assumed = [&](std::string_view path) {
    return std::find(assumed.begin(), assumed.end(), path) != assumed.end();
  };
  EXPECT_TRUE(is_assumed("network.client_to_broker"));
  EXPECT_TRUE(is_assumed("cluster.host.dirty_expire"));
  EXPECT_FALSE(is_assumed("network.between_brokers"));
  EXPECT_FALSE(is_assumed("cluster.host.file_system"));
}

TEST(Loader, AGraceIsATimeOfAStopAlone) {
  const auto errors = [](const std::string& action) {
    return ErrorsOf(std::string(kMinimal) + "fault { at: \"1s\" " + action + " }");
  };
  EXPECT_EQ(errors("stop { broker: 1 grace: \"30s\" } restart_after: \"5s\""), "");
  EXPECT_EQ(errors("rolling_restart { grace: \"30s\" }"), "");
  EXPECT_THAT(errors("stop { broker: 1 grace: \"0s\" }"), HasSubstr("fault[0].stop.grace=0s"));
  EXPECT_THAT(errors("stop { broker: 1 grace: \"25h\" }"), HasSubstr("fault[0].stop.grace=25h"));
  EXPECT_THAT(errors("stop { grace: \"30s\" }"), HasSubstr("wants one of role, broker"));
  EXPECT_THAT(errors("kill { broker: 1 grace: \"30s\" }"), HasSubstr("no field \"grace\""));
}

TEST(Loader, AnEmptyDiskIsForBrokersThatComeBack) {
  const auto errors = [](const std::string& action) {
    return ErrorsOf(std::string(kMinimal) + "fault { at: \"1s\" wipe: true " + action + " }");
  };
  for (const char* action : {"kill { broker: 1 }", "stop { broker: 1 }", "panic { broker: 1 }",
                             "power_loss { of { broker: 1 } }", "rolling_restart {}"}) {
    EXPECT_EQ(errors(action), "") << action;
  }
  EXPECT_THAT(errors("kill { producer: \"shop\" }"), HasSubstr("fault[0].wipe=true: a program"));
  EXPECT_THAT(errors("clock_step { target { broker: 1 } by: \"1s\" }"),
              HasSubstr("fault[0].wipe=true: only who was killed"));
}

TEST(Loader, KnowsWhereEachFieldStands) {
  const LoadedScenario loaded = Loaded(
      "name: \"x\"\n"
      "topic { name: \"orders\" }\n"
      "producer {\n"
      "  name: \"shop\"\n"
      "\tmessages: 7\n"
      "}\n");
  EXPECT_EQ(loaded.PlaceOf("producer[0].messages"), (kafka_config::Position{"test", 5, 2}))
      << "a tab is a byte";
  EXPECT_EQ(loaded.PlaceOf("producer[0].size"), (kafka_config::Position{"test", 3, 1}))
      << "the field around it";
  EXPECT_TRUE(loaded.IsWritten("producer[0].messages"));
  EXPECT_FALSE(loaded.IsWritten("producer[0].size"));
}

TEST(Loader, AllTyposOfAFileAtOnce) {
  EXPECT_EQ(ErrorsOf("name: \"x\"\n"
                     "topic { name: \"orders\" replication_facto: 3 }\n"
                     "producer { name: \"shop\" message: 5 rate_per_s: -1 }\n"
                     "fault {\n"
                     "  when { note: ACKNOWLEGED copies: 1 } else_at: \"5sec\"\n"
                     "  kill { role: LEADR }\n"
                     "}\n"),
            "test:2:24: error: no field \"replication_facto\" in Topic; did you mean "
            "\"replication_factor\"?\n"
            "test:3:25: error: no field \"message\" in Producer; did you mean \"messages\"?\n"
            "test:3:48: error: a number from 0 is wanted, without a sign\n"
            "test:5:16: error: note=ACKNOWLEGED: is none of ACKNOWLEDGED, "
            "ACKNOWLEDGED_TO_APPLICATION, APPENDED, COMMITTED_OFFSET, ELECTED, FENCED, "
            "FETCH_ANSWERED, FLUSHED, HIGH_WATERMARK, ISR_CHANGED, PROCESSED, "
            "PRODUCE_SENT, RECOVERED, REGISTERED, TRUNCATED, UNFENCED, WRITTEN_BACK; did you "
            "mean ACKNOWLEDGED?\n"
            "test:5:40: error: fault[0].else_at=5sec: is no duration: a number, a unit (ns, us, "
            "ms, s, m, h), at most 24h, as \"30s\"\n"
            "test:6:16: error: role=LEADR: is none of FOLLOWER, FOLLOWERS, LEADER, OTHERS, "
            "REPLICAS; did you mean LEADER?\n");
}

TEST(Loader, ATypoDoesNotMakeOtherErrors) {
  EXPECT_EQ(ErrorsOf("nam: \"x\" topic { name: \"orders\" } producer { name: \"shop\" }"),
            "test:1:1: error: no field \"nam\" in Scenario; did you mean \"name\"?\n");
}

TEST(Loader, AFieldGivenTwiceIsAnError) {
  EXPECT_THAT(ErrorsOf("name: \"x\"\nname: \"y\""), HasSubstr("test:2:5: error: "));
}

TEST(Loader, ErrorsShowNoPieceOfAValue) {
  EXPECT_THAT(ErrorsOf("producer { config { key: \"sasl.jaas.config\" value: hunter2 } }"),
              Not(HasSubstr("hunter2")));
  EXPECT_THAT(ErrorsOf("producer { config { key: \"a\" value: \"x\" \"hunter2 } }"),
              Not(HasSubstr("hunter2")));
}

// One broken thing each; the place is that of the field, or of the innermost one around it.
struct Mistake {
  const char* text;   // after the minimal scenario, on line 2
  const char* error;  // without "test:2:"
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.text; }

class Mistakes : public ::testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, AreNamedWithFieldValueAndLimit) {
  EXPECT_EQ(ErrorsOf(std::string(kMinimal) + "\n" + GetParam().text),
            std::string("test:2:") + GetParam().error + "\n");
}

INSTANTIATE_TEST_SUITE_P(
    Cluster, Mistakes,
    ::testing::Values(
        Mistake{"cluster { brokers: 10 }", "11: error: cluster.brokers=10: is not in 1..9"},
        Mistake{"cluster { brokers: 0 }", "11: error: cluster.brokers=0: is not in 1..9"},
        Mistake{"cluster { brokers: 2 racks: \"a\" }",
                "22: error: cluster.racks[0]=1: names, but there are 2 brokers"},
        Mistake{"cluster { host { memory: \"1KiB\" } }",
                "18: error: cluster.host.memory=1KiB: is not in 67108864..70368744177664 bytes"},
        Mistake{"cluster { host { file_system: 9 } }",
                "18: error: cluster.host.file_system=9: is no value of this field"},
        Mistake{"cluster { host { flush_latency: \"2ms\" flush_latency_max: \"1ms\" } }",
                "39: error: cluster.host.flush_latency_max=1ms: is less than "
                "cluster.host.flush_latency"},
        Mistake{"cluster { broker { id: 4 } }",
                "20: error: cluster.broker[0].id=4: is not in 1..3"},
        Mistake{"network { between_brokers: \"-1ms\" }",
                "11: error: network.between_brokers=-1ms: is not in 1us..60s: no network is "
                "faster, and what two "
                "machines ask each other would fill the run"},
        Mistake{"cluster { host { dirty_writeback: \"1ns\" } }",
                "18: error: cluster.host.dirty_writeback=1ns: is not in 10ms..86400s: Linux counts "
                "in hundredths of a second, and 0s switches the flusher off"},
        Mistake{"cluster { host { dirty_expire: \"1ns\" } }",
                "18: error: cluster.host.dirty_expire=1ns: is not in 10ms..86400s: Linux counts in "
                "hundredths of a second"},
        Mistake{"cluster { host { journal_commit: \"1ms\" } }",
                "18: error: cluster.host.journal_commit=1ms: is not in 10ms..3600s: a journal that "
                "commits more often does nothing else"},
        Mistake{"claim: \"B8\"", "1: error: claim=B8: is no id of a claim, as \"CL:B8\""},
        Mistake{"profile: \"kafka-2.0\"",
                "1: error: profile=kafka-2.0: is not a profile; did you mean kafka-4.3?"},
        Mistake{"set: \"acks\"", "1: error: set[0]: is no setting, as \"producer:acks=all\""},
        Mistake{"time_limit: \"25h\"",
                "1: error: time_limit=25h: is no duration: a number, a unit (ns, us, ms, s, m, h), "
                "at most 24h, as \"30s\""}));

INSTANTIATE_TEST_SUITE_P(
    Programs, Mistakes,
    ::testing::Values(
        Mistake{"topic { name: \"b\" replication_factor: 4 }",
                "19: error: topic[1].replication_factor=4: exceeds the 3 brokers of the cluster"},
        Mistake{"topic { name: \"orders\" }",
                "9: error: topic[1].name=orders: is the name of an earlier one"},
        Mistake{"topic { name: \"b\" partitions: 64 } topic { name: \"c\" partitions: 1 }",
                "54: error: topic[2].partitions=1: makes 65 in all, the limit is 64"},
        Mistake{"topic { name: \"b\" assignment { replicas: [1, 1] } }",
                "32: error: topic[1].assignment[0].replicas[1]=1: stands twice"},
        Mistake{"producer { name: \"web\" topic: \"ordres\" }",
                "24: error: producer[1].topic=ordres: is no topic of this scenario; did you mean "
                "orders?"},
        Mistake{
            "producer { name: \"web\" topic: \"orders\" messages: 1000000 }",
            "40: error: producer[1].messages=1000000: makes 1000200 in all, the limit is 1000000"},
        Mistake{"producer { name: \"web\" topic: \"orders\" size: 0 }",
                "40: error: producer[1].size=0: is not in 1..10485760"},
        Mistake{"producer { name: \"shop\" }",
                "12: error: producer[1].name=shop: is the name of an earlier one"},
        Mistake{"producer { name: \"web\" topic: \"orders\" start_after: \"\\xff\" }",
                "40: error: producer[1].start_after=\\xff: is not UTF-8, from its byte 0 on"},
        Mistake{"consumer { name: \"a\" group: \"g\" } consumer { name: \"b\" group: \"g\" }",
                "56: error: consumer[1].group=g: has a member already; groups of one are modelled"},
        Mistake{"consumer { name: \"a\" config { value: \"1\" } }",
                "22: error: consumer[0].config[0].key: a setting wants a key"}));

INSTANTIATE_TEST_SUITE_P(
    Faults, Mistakes,
    ::testing::Values(
        Mistake{"fault { when { note: FENCED } kill { broker: 1 } }",
                "9: error: fault[0].when: wants else_at, the time at which the fault fires if its "
                "point does not come"},
        Mistake{"fault { kill { broker: 1 } }", "1: error: fault[0]: a fault wants `at` or `when`"},
        Mistake{"fault { at: \"1s\" }",
                "1: error: fault[0]: a fault wants an action: kill, stop, panic, power_loss, ..."},
        Mistake{"fault { at: \"1s\" kill { broker: 4 } }",
                "25: error: fault[0].kill.broker=4: is not in 1..3"},
        Mistake{"fault { at: \"1s\" kill { producer: \"shap\" } }",
                "25: error: fault[0].kill.producer=shap: is no producer of this scenario; did you "
                "mean shop?"},
        Mistake{"fault { at: \"1s\" panic { producer: \"shop\" } }",
                "18: error: fault[0].panic: this kind of fault meets brokers only"},
        Mistake{
            "fault { at: \"1s\" kill { role: LEADER broker: 1 } }",
            "18: error: fault[0].kill: names more than one of role, broker, producer, consumer"},
        Mistake{"fault { at: \"1s\" pause { target { broker: 1 } } }",
                "18: error: fault[0].pause.for: wants a duration, as \"5s\""},
        Mistake{"fault { at: \"1s\" clock_step { target { broker: 1 } by: \"0s\" } }",
                "52: error: fault[0].clock_step.by=0s: is no step"},
        Mistake{"fault { at: \"1s\" clock_step { target { broker: 1 } by: \"1s\" } restart_after: "
                "\"1s\" }",
                "63: error: fault[0].restart_after=1s: only what was killed, stopped or lost its "
                "kernel or power starts again"},
        Mistake{
            "fault { at: \"1s\" cut: BEFORE_EFFECTS kill { broker: 1 } }",
            "18: error: fault[0].cut=BEFORE_EFFECTS: there is no event to cut: it wants `when`"},
        Mistake{"fault { when { note: APPENDED copies: 1 copies_min: 1 } else_at: \"1s\" kill { "
                "broker: 1 } }",
                "31: error: fault[0].when.copies=1: says it already: no copies_min or copies_max "
                "beside it"},
        Mistake{"fault { when { note: APPENDED sent_messages_min: 201 } else_at: \"1s\" kill { "
                "broker: 1 } }",
                "31: error: fault[0].when.sent_messages_min=201: exceeds the 200 messages that are "
                "sent"},
        Mistake{"fault { at: \"1s\" partition { to { broker: 1 } } }",
                "18: error: fault[0].partition.from: wants a side, as from { role: LEADER }"},
        Mistake{"fault { at: \"1s\" elect_leaders { topic: \"ordres\" } }",
                "34: error: fault[0].elect_leaders.topic=ordres: is no topic of this scenario; did "
                "you mean orders?"},
        Mistake{"fault { at: \"1s\" change_setting { topic: \"orders\" } }",
                "18: error: fault[0].change_setting.set: wants a setting, as { key: "
                "\"min.insync.replicas\" value: \"1\" }"},
        Mistake{"fault { at: \"1s\" change_setting { topic: \"orders\" set { key: "
                "\"log.flush.interval.ms\" value: \"1\" } } }",
                "57: error: fault[0].change_setting.set.key=log.flush.interval.ms: is no setting "
                "that can be changed here: of a topic min.insync.replicas, "
                "unclean.leader.election.enable, flush.messages, flush.ms, max.message.bytes"},
        Mistake{"fault { at: \"1s\" add_partitions { topic: \"orders\" } }",
                "18: error: fault[0].add_partitions.total: wants how many it has then"},
        Mistake{"fault { at: \"1s\" power_loss { domain: ALL of { broker: 1 } } }",
                "43: error: fault[0].power_loss.of: ALL is every broker: nothing to name"}));

INSTANTIATE_TEST_SUITE_P(
    Expectations, Mistakes,
    ::testing::Values(
        Mistake{"expect { property: NO_ACKED_LOSS }",
                "1: error: expect[0].status: an expectation wants HELD, BROKEN or INCONCLUSIVE"},
        Mistake{"expect { property: NO_ACKED_LOSS status: HELD class: AS_CONFIGURED }",
                "47: error: expect[0].class=AS_CONFIGURED: only a BROKEN property has a class"},
        Mistake{"variant { name: \"v\" }",
                "1: error: variant[0]: a variant wants exactly one of set, with and mutant"},
        Mistake{"variant { name: \"v\" with { cluster { brokers: 2 elr: false } } }",
                "21: error: variant[0].with: changes cluster.brokers, cluster.elr: a variant "
                "differs in one field"},
        Mistake{"variant { name: \"v\" with { producer { name: \"shop\" } } }",
                "21: error: variant[0].with: changes nothing: a variant differs in one field"},
        Mistake{"variant { name: \"v\" with { topic { name: \"b\" partitions: 2 } } }",
                "28: error: variant[0].with.topic[0]: the scenario has nothing of that name or "
                "number"},
        Mistake{"variant { name: \"v\" with { why: \"other\" } }",
                "28: error: variant[0].with.why: is nothing that a variant may change"},
        Mistake{"variant { name: \"v\" with { cluster { brokers: 11 } } }",
                "1: error: variant[0]: with it, cluster.brokers=11 is not in 1..9"}));

TEST(Loader, NameAndClaimAndWhyAreInNoHash) {
  const LoadedScenario a = Loaded(kMinimal);
  const LoadedScenario b = Loaded(
      "name: \"other\" claim: \"CL:B8\" why: \"because\" topic { name: \"orders\" } "
      "producer { name: \"shop\" topic: \"orders\" }");
  EXPECT_EQ(a.sha256, b.sha256);
  EXPECT_NE(a.canonical_text, b.canonical_text);
  EXPECT_NE(a.sha256, Loaded(std::string(kMinimal) + "time_limit: \"121s\"").sha256);
}

TEST(Loader, CommentsAndOrderAndTheFileAreInNoHash) {
  const LoadedScenario a = Loaded("name: \"x\" topic { name: \"t\" } producer { name: \"p\" }");
  const LoadResult b = LoadScenario(
      "producer { name: \"p\" }  # first\n\ntopic { name: \"t\" } name: \"x\"", "elsewhere");
  ASSERT_TRUE(b.scenario);
  EXPECT_EQ(a.canonical_text, b.scenario->canonical_text);
  EXPECT_EQ(a.sha256, b.scenario->sha256);
}

TEST(Loader, AnExpandedScenarioStillKnowsWhatWasAssumed) {
  const LoadedScenario loaded = Loaded(std::string(kMinimal) +
                                       "fault { at: \"1s\" "
                                       "rolling_restart {} }");
  const LoadedScenario again = Loaded(loaded.canonical_text);
  EXPECT_EQ(again.canonical_text, loaded.canonical_text);
  EXPECT_EQ(again.sha256, loaded.sha256);
  EXPECT_FALSE(again.IsWritten("network.tail"));
  EXPECT_FALSE(again.IsWritten("fault[0].rolling_restart.between"));
  EXPECT_TRUE(again.IsWritten("producer[0].name"));
}

TEST(Loader, AnAbsentTopicIsAnErrorEvenIfSaidToBeAssumed) {
  EXPECT_THAT(ErrorsOf(std::string(kMinimal) + "assumed: \"topic\" assumed: \"producer[7].name\""),
              HasSubstr("a scenario wants a topic"));
}

}  // namespace
}  // namespace loader
