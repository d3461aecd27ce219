#include "tools/answers/event_names.h"

#include <array>
#include <string_view>

#include "model/kafka/broker/timers.h"
#include "model/kafka/consumer/state.h"
#include "model/kafka/controller/state.h"
#include "model/kafka/producer/state.h"
#include "model/kafka/system.h"
#include "sim/search/names.h"

namespace answers {
namespace {

// In the order of kafka::Bodies.
constexpr std::array<std::string_view, kafka::Bodies::kSize> kMessages = {
    "ProduceRequest",
    "ProduceResponse",
    "FetchRequest",
    "FetchResponse",
    "MetadataRequest",
    "MetadataResponse",
    "InitProducerIdRequest",
    "InitProducerIdResponse",
    "ListOffsetsRequest",
    "ListOffsetsResponse",
    "EpochEndRequest",
    "EpochEndResponse",
    "RegisterRequest",
    "RegisterResponse",
    "HeartbeatRequest",
    "HeartbeatResponse",
    "AlterPartitionRequest",
    "AlterPartitionResponse",
    "AllocateProducerIdRequest",
    "AllocateProducerIdResponse",
    "MetadataFetchRequest",
    "MetadataFetchResponse",
    "OffsetCommitRequest",
    "OffsetCommitResponse",
    "OffsetFetchRequest",
    "OffsetFetchResponse",
    "ApiVersionsRequest",
    "ApiVersionsResponse"};

std::string_view BrokerTimer(uint8_t kind) {
  switch (static_cast<kafka::broker::TimerKind>(kind)) {
    case kafka::broker::kStartUpTimer:
      return "the start";
    case kafka::broker::kLifecycleTimer:
      return "heartbeats and registration";
    case kafka::broker::kReconnectTimer:
      return "connecting to the controller";
    case kafka::broker::kMetadataTimer:
      return "applying metadata";
    case kafka::broker::kAlterTimer:
      return "repeating AlterPartition";
    case kafka::broker::kIsrTimer:
      return "shrinking the ISR";
    case kafka::broker::kWatermarkTimer:
      return "the high watermark's checkpoint";
    case kafka::broker::kRecoveryPointTimer:
      return "the recovery point's checkpoint";
    case kafka::broker::kFlusherTimer:
      return "flushing logs";
    case kafka::broker::kProduceTimer:
      return "produce requests that wait";
    case kafka::broker::kFetchTimer:
      return "fetches that wait";
    case kafka::broker::kFetcherTimer:
      return "fetching";
    case kafka::broker::kQuorumStateTimer:
      return "the quorum's state";
    case kafka::broker::kHeldTimer:
      return "writers that the kernel holds";
    case kafka::broker::kLeavingTimer:
      return "controlled shutdown";
  }
  return "";
}

std::string_view ProducerTimer(uint8_t kind) {
  return kind == kafka::producer::kSenderTimer ? "the sender" : "the program";
}
std::string_view ConsumerTimer(uint8_t kind) {
  if (kind == kafka::consumer::kClientTimer) return "the client";
  return kind == kafka::consumer::kProcessingTimer ? "processing" : "the start";
}
std::string_view ControllerTimer(uint8_t kind) {
  if (kind == kafka::controller::kCommitTimer) return "committing records";
  return kind == kafka::controller::kSessionTimer ? "sessions of brokers" : "unclean elections";
}

std::string TimerName(const kafka::Setup& setup, sim::MachineId machine, uint8_t kind) {
  const auto first = [&](size_t before) {
    return static_cast<size_t>(kafka::MachineOf(kafka::BrokerId{0}).value) + before;
  };
  const size_t producers = first(setup.brokers.size());
  const size_t consumers = producers + setup.producers.size();
  std::string_view what = ControllerTimer(kind);
  if (machine.value >= consumers) {
    what = ConsumerTimer(kind);
  } else if (machine.value >= producers) {
    what = ProducerTimer(kind);
  } else if (machine.value >= first(0)) {
    what = BrokerTimer(kind);
  }
  return "the timer of " + std::string(what);
}

}  // namespace

std::string NameOfEvent(const kafka::Setup& setup, const sim::Overrun::Source& event) {
  if (event.kind == sim::EventKind::kTimer) return TimerName(setup, event.machine, event.tag.kind);
  if (const char* name = sim::EngineEventName(event.kind)) return name;
  const auto body =
      static_cast<uint32_t>(event.kind) - static_cast<uint32_t>(sim::EventKind::kFirstBody);
  return body < kMessages.size() ? std::string(kMessages[body]) : "a message";
}

}  // namespace answers
