#include "scenarios/loader/defaults.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <string>

#include "scenarios/kafka_config/text.h"
#include "scenarios/loader/check.h"
#include "scenarios/loader/units.h"

namespace loader {
namespace {

namespace pb = ::google::protobuf;

// Fills in fields, and notes which of them are figures that nobody gave.
class Filler {
 public:
  explicit Filler(proto::Scenario& scenario) : scenario_(scenario) {}

  // Figures: printed as assumed.
  void Assumed(std::string_view path) { scenario_.add_assumed(std::string(path)); }
  void Text(std::string& field, std::string_view value, std::string_view path) {
    if (!field.empty()) return;
    field = value;
    Assumed(path);
  }
  template <class Message, class Value>
  void Number(Message& message, bool given, void (Message::*set)(Value), Value value,
              std::string_view path) {
    if (given) return;
    (message.*set)(value);
    Assumed(path);
  }

 private:
  proto::Scenario& scenario_;
};

// Not figures of the world, only the form of the file.
void Plain(std::string& field, std::string_view value) {
  if (field.empty()) field = value;
}

void FillHost(proto::Host& host, Filler& fill) {
  using proto::Host;
  fill.Number(host, host.file_system() != Host::FILE_SYSTEM_UNSPECIFIED, &Host::set_file_system,
              Host::EXT4, "cluster.host.file_system");
  fill.Text(*host.mutable_dirty_expire(), "30s", "cluster.host.dirty_expire");
  fill.Text(*host.mutable_dirty_writeback(), "5s", "cluster.host.dirty_writeback");
  fill.Text(*host.mutable_journal_commit(), host.file_system() == Host::XFS ? "30s" : "5s",
            "cluster.host.journal_commit");
  fill.Text(*host.mutable_memory(), "16GiB", "cluster.host.memory");
  // Whichever is given alone keeps the other on its side of it.
  const uint32_t held = host.has_dirty_background_ratio() ? host.dirty_background_ratio() : 0;
  fill.Number(host, host.has_dirty_ratio(), &Host::set_dirty_ratio, std::max(20u, held),
              "cluster.host.dirty_ratio");
  fill.Number(host, host.has_dirty_background_ratio(), &Host::set_dirty_background_ratio,
              std::min(10u, host.dirty_ratio()), "cluster.host.dirty_background_ratio");
  // Absent, the model's own table counts; one figure alone is the least and the greatest.
  if (host.flush_latency().empty()) fill.Assumed("cluster.host.flush_latency");
  if (host.flush_latency_max().empty() && !host.flush_latency().empty()) {
    host.set_flush_latency_max(host.flush_latency());
  }
  fill.Text(*host.mutable_bandwidth(), "500MiB", "cluster.host.bandwidth");
  fill.Number(host, host.drive_cache() != Host::DRIVE_CACHE_UNSPECIFIED, &Host::set_drive_cache,
              Host::PROTECTED, "cluster.host.drive_cache");
  fill.Text(*host.mutable_process_start(), "1.2s", "cluster.host.process_start");
}

void FillCluster(proto::Cluster& cluster, Filler& fill) {
  if (!cluster.has_brokers()) cluster.set_brokers(kBrokersDefault);
  const int brokers = static_cast<int>(cluster.brokers());
  if (cluster.racks().empty()) fill.Assumed("cluster.racks");
  for (int i = cluster.racks_size(); i < brokers; ++i) {
    cluster.add_racks(kafka_config::Cat("r", std::to_string(i + 1)));
  }
  if (cluster.rooms().empty()) fill.Assumed("cluster.rooms");
  for (int i = cluster.rooms_size(); i < brokers; ++i) cluster.add_rooms("room1");
  if (!cluster.has_elr()) cluster.set_elr(true);
  for (proto::Broker& broker : *cluster.mutable_broker()) {
    Plain(*broker.mutable_clock_offset(), "0s");
  }
  FillHost(*cluster.mutable_host(), fill);
  proto::Controller& controller = *cluster.mutable_controller();
  fill.Text(*controller.mutable_metadata_delay(), "1ms", "cluster.controller.metadata_delay");
  // Never below the least: whoever gives the least alone gets no range.
  const sim::Duration delay = DurationOf(controller.metadata_delay());
  fill.Text(*controller.mutable_metadata_delay_max(),
            DurationText(std::max(delay, sim::Milliseconds(20))),
            "cluster.controller.metadata_delay_max");
}

void FillNetwork(proto::Network& network, Filler& fill) {
  using proto::Network;
  fill.Text(*network.mutable_between_brokers(), "0.3ms", "network.between_brokers");
  fill.Text(*network.mutable_client_to_broker(), "0.3ms", "network.client_to_broker");
  fill.Text(*network.mutable_broker_to_controller(), "0.3ms", "network.broker_to_controller");
  fill.Number(network, network.tail() != Network::TAIL_UNSPECIFIED, &Network::set_tail,
              Network::HEAVY, "network.tail");
  fill.Text(*network.mutable_bandwidth(), "1GiB", "network.bandwidth");
}

void FillPrograms(proto::Scenario& scenario) {
  for (proto::Producer& producer : *scenario.mutable_producer()) {
    Plain(*producer.mutable_topic(), scenario.topic(0).name());
    if (!producer.has_messages()) producer.set_messages(kMessagesDefault);
    if (!producer.has_size()) producer.set_size(100);
    if (!producer.has_callback()) producer.set_callback(true);
    Plain(*producer.mutable_start_after(), "0s");
  }
  for (proto::Consumer& consumer : *scenario.mutable_consumer()) {
    Plain(*consumer.mutable_topic(), scenario.topic(0).name());
    Plain(*consumer.mutable_group(), consumer.name());
    Plain(*consumer.mutable_processing_time(), "0s");
    Plain(*consumer.mutable_start_after(), "0s");
    if (consumer.commit() == proto::Consumer::COMMIT_UNSPECIFIED) {
      consumer.set_commit(proto::Consumer::AFTER);
    }
  }
}

void FillFault(proto::Fault& fault, int index, Filler& fill) {
  if (fault.cut() == proto::Fault::CUT_UNSPECIFIED) fault.set_cut(proto::Fault::AFTER_EFFECTS);
  if (fault.has_when() && !fault.when().has_occurrence()) {
    fault.mutable_when()->set_occurrence(1);
  }
  if (fault.has_power_loss() &&
      fault.power_loss().domain() == proto::PowerLoss::DOMAIN_UNSPECIFIED) {
    fault.mutable_power_loss()->set_domain(proto::PowerLoss::HOST);
  }
  if (!fault.has_rolling_restart()) return;
  const std::string at = kafka_config::Cat(Indexed("fault", index), ".rolling_restart.");
  proto::RollingRestart& rolling = *fault.mutable_rolling_restart();
  fill.Text(*rolling.mutable_down_for(), "2s", kafka_config::Cat(at, "down_for"));
  fill.Text(*rolling.mutable_between(), "10s", kafka_config::Cat(at, "between"));
}

void FillExpectations(proto::Scenario& scenario) {
  if (!scenario.expect().empty()) return;
  for (const proto::Property property : {proto::NO_ACKED_LOSS, proto::NO_DUPLICATE}) {
    proto::Expectation& expectation = *scenario.add_expect();
    expectation.set_property(property);
    expectation.set_status(proto::HELD);
  }
}

}  // namespace

proto::Scenario WithDefaults(proto::Scenario scenario) {
  Filler fill(scenario);
  Plain(*scenario.mutable_profile(), "kafka-4.3");
  Plain(*scenario.mutable_client(), "java");
  Plain(*scenario.mutable_time_limit(), "120s");
  if (!scenario.has_default_seed()) scenario.set_default_seed(1);
  FillCluster(*scenario.mutable_cluster(), fill);
  FillNetwork(*scenario.mutable_network(), fill);
  FillPrograms(scenario);
  for (int i = 0; i < scenario.fault_size(); ++i) FillFault(*scenario.mutable_fault(i), i, fill);
  FillExpectations(scenario);
  return scenario;
}

bool ClearPath(pb::Message& message, std::string_view path) {
  pb::Message* at = &message;
  const std::vector<std::string_view> parts = kafka_config::Split(path, '.');
  for (size_t i = 0; i < parts.size(); ++i) {
    const size_t bracket = parts[i].find('[');
    const std::string name(parts[i].substr(0, bracket));
    const pb::FieldDescriptor* field = at->GetDescriptor()->FindFieldByName(name);
    if (field == nullptr) return false;
    // Lists of plain values are cleared as a whole: racks are assumed together.
    const bool is_message = field->cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE;
    if (i + 1 == parts.size() || !is_message) {
      at->GetReflection()->ClearField(at, field);
      return i + 1 == parts.size();
    }
    if (!field->is_repeated()) {
      at = at->GetReflection()->MutableMessage(at, field);
      continue;
    }
    if (bracket == std::string_view::npos) return false;
    const std::string_view rest = parts[i].substr(bracket + 1);
    const std::optional<int64_t> index = kafka_config::ParseInt64(rest.substr(0, rest.find(']')));
    if (!index || *index < 0 || *index >= at->GetReflection()->FieldSize(*at, field)) return false;
    at = at->GetReflection()->MutableRepeatedMessage(at, field, static_cast<int>(*index));
  }
  return false;
}

proto::Scenario WithoutAssumed(proto::Scenario scenario) {
  const auto assumed = scenario.assumed();
  scenario.clear_assumed();
  for (const std::string& path : assumed) ClearPath(scenario, path);
  return scenario;
}

}  // namespace loader
