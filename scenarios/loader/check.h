// scenarios/loader/check.h
//
// Whether a scenario makes sense: limits, names, references, and what wants what.
//
// Checks a scenario as it was written, before defaults are filled in. What Kafka's settings may be
// is configuration.h's affair.
#ifndef SCENARIOS_LOADER_CHECK_H_
#define SCENARIOS_LOADER_CHECK_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/kafka_config/diagnostic.h"
#include "scenarios/loader/scenario.pb.h"
#include "scenarios/loader/text.h"
#include "sim/time.h"

namespace loader {

// A setting that can be changed while the cluster runs, as Kafka calls it: a topic's, and a broker's
// where all of them are spoken to. In the order of the model's (kafka::TopicSetting).
struct ChangeableSetting {
  std::string_view of_topic;
  std::string_view of_brokers;
};
inline constexpr std::array kChangeableSettings = {
    ChangeableSetting{"min.insync.replicas", "min.insync.replicas"},
    ChangeableSetting{"unclean.leader.election.enable", "unclean.leader.election.enable"},
    ChangeableSetting{"flush.messages", "log.flush.interval.messages"},
    ChangeableSetting{"flush.ms", "log.flush.interval.ms"},
    ChangeableSetting{"max.message.bytes", "message.max.bytes"}};

// The limits of the model; the comments of scenario.proto and fault.proto name them.
constexpr uint32_t kBrokersMax = 9;
constexpr uint32_t kTopicsMax = 8;
constexpr uint32_t kPartitionsMax = 64;
constexpr uint32_t kProducersMax = 16;
constexpr uint32_t kConsumersMax = 8;
constexpr uint32_t kFaultsMax = 128;
constexpr uint32_t kMessagesMax = 1'000'000;
constexpr uint32_t kSizeMax = 10'485'760;
constexpr sim::Duration kLatencyMax = sim::Seconds(60);  // of a link, a flush, a decision

constexpr sim::Duration kDay = sim::Seconds(24 * 3600);
constexpr sim::Duration kZero{};
constexpr sim::Duration kTick = sim::Nanoseconds(1);  // the least that is not nothing

// Fields that hold these when they are absent.
constexpr uint32_t kBrokersDefault = 3;
constexpr uint32_t kMessagesDefault = 200;

// How much is demanded of a scenario.
struct CheckMode {
  bool has_typos = false;  // say nothing about what is missing: it may be there, misspelt
};

// Collects what is wrong, each with its place.
class Findings {
 public:
  Findings(const Positions& positions, std::string_view file, CheckMode mode)
      : positions_(positions), file_(file), mode_(mode) {}

  void Wrong(std::string_view path, std::string_view value, std::string_view message,
             std::string_view suggestion = "");
  // Something is not there, or a name does not exist: silent if there are typos.
  void Missing(std::string_view path, std::string_view value, std::string_view message,
               std::string_view suggestion = "");
  // A number in [min, max].
  void Range(std::string_view path, int64_t value, int64_t min, int64_t max);
  // "" is fine; otherwise a duration in [min, max]. `why` the least is what it is, if it has to be
  // said.
  void Duration(std::string_view path, std::string_view text, sim::Duration min,
                sim::Duration max = kDay, std::string_view why = "");
  // The least and the greatest of one figure, either of which may be absent.
  void Ordered(std::string_view min_path, std::string_view min_text, std::string_view max_path,
               std::string_view max_text);
  // "" is fine; otherwise a size in [min, max].
  void Size(std::string_view path, std::string_view text, int64_t min, int64_t max);

  std::vector<kafka_config::Diagnostic>& all() { return all_; }

 private:
  const Positions& positions_;
  std::string_view file_;
  CheckMode mode_;
  std::vector<kafka_config::Diagnostic> all_;
};

// "fault[3]".
std::string Indexed(std::string_view list, int index);

// The whole scenario but its variants.
void CheckScenario(const proto::Scenario& scenario, Findings& out);

// The parts of it.
void CheckCluster(const proto::Scenario& scenario, Findings& out);
void CheckPrograms(const proto::Scenario& scenario, Findings& out);
void CheckFaults(const proto::Scenario& scenario, Findings& out);
void CheckExpectations(const google::protobuf::RepeatedPtrField<proto::Expectation>& expectations,
                       std::string_view path, Findings& out);
void CheckSettings(const google::protobuf::RepeatedPtrField<proto::Setting>& settings,
                   std::string_view path, Findings& out);

}  // namespace loader

#endif  // SCENARIOS_LOADER_CHECK_H_
