// model/kafka/ledger/final_read.h
//
// The end of a run: what stands in the logs of the leaders, against what was sent and told.
//
// Invariants:  the fates add up to what was sent; that is checked always.
// Complexity:  the number of messages, once a run.
#ifndef MODEL_KAFKA_LEDGER_FINAL_READ_H_
#define MODEL_KAFKA_LEDGER_FINAL_READ_H_

#include <cstdint>
#include <vector>

#include "model/kafka/ledger/fate.h"
#include "model/kafka/ledger/ledger.h"
#include "model/kafka/setup.h"
#include "model/kafka/vocabulary/records.h"

namespace kafka::ledger {

struct FinalRead {
  std::vector<FinalFacts> facts;  // by MessageId
  std::vector<Fate> fates;        // by MessageId; of what was never handed to send(): OK, uncounted
  std::vector<uint8_t> counted;   // by MessageId: 1 if handed to send()
  std::vector<kafka::Offset> offsets;  // by MessageId: first offset in the log that counts
  FateCounts counts{};
  uint64_t sent = 0;
  uint64_t stored = 0;           // in some log
  uint64_t unresolved = 0;       // their client is still at work on them
  uint64_t told_stored = 0;      // acknowledged: acks=0 promises nothing, and is not in it
  uint64_t told_sent = 0;        // acks=0
  uint64_t in_log_twice = 0;     // messages at two offsets of a log
  uint64_t after_later_key = 0;  // messages behind a later one of their producer and key
  std::vector<kafka::PartitionId> leaderless;
};

// `memory`: of an earlier read, to be used again.
FinalRead ReadAtEnd(const Ledger& ledger, const kafka::Tables& tables, const kafka::Setup& setup,
                    FinalRead memory = {});

}  // namespace kafka::ledger

#endif  // MODEL_KAFKA_LEDGER_FINAL_READ_H_
