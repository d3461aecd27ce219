// tools/answers/names.h
//
// How answers name what they speak of: the strings that stand in the protos and that a person types
// back as a word of the command line.
#ifndef TOOLS_ANSWERS_NAMES_H_
#define TOOLS_ANSWERS_NAMES_H_

#include <string>

#include "model/kafka/setup.h"
#include "model/kafka/vocabulary/records.h"
#include "sim/ids.h"

namespace answers {

// "orders-0", "broker-1", "controller", "producer/shop".
std::string NameOfPartition(const kafka::Setup& setup, kafka::PartitionId partition);
std::string NameOfMachine(const kafka::Setup& setup, sim::MachineId machine);
// "broker-1's host", and the machine whose host it is, "broker-1".
std::string NameOfHost(const kafka::Setup& setup, sim::HostId host);
std::string NameOfOwner(const kafka::Setup& setup, sim::HostId host);
// "broker-1"; "" if there is no such broker.
std::string NameOfBroker(const kafka::Setup& setup, kafka::BrokerId broker);
// "m#497" with one producer, "web/m#3" with several.
std::string NameOfMessage(const kafka::Setup& setup, const kafka::Tables& tables,
                          kafka::MessageId message);

}  // namespace answers

#endif  // TOOLS_ANSWERS_NAMES_H_
