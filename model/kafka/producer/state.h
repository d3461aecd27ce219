// model/kafka/producer/state.h
//
// A producer process: the program that calls send(), and the library that it calls: the
// accumulator, the sender, its network client.
//
// Survives:    nothing (KC:P-53): all of it is memory of one process.
// Invariants:  (1) a batch is in its partition's queue or in one request, never both; (2) `sent`
//              holds the batches that were drained and have no outcome yet, with idempotence in
//              order of sequence (KC:P-4 (c)); (3) memory_free + rooms of live slots =
//              buffer.memory, parts of a split batch apart (KC:P-16).
// Leaves out:  transactions, interceptors, quotas, compression, metadata.max.idle.ms, load-adaptive
//              partitioning (uniform instead); a new producer id when the epochs of one are used
//              up.
#ifndef MODEL_KAFKA_PRODUCER_STATE_H_
#define MODEL_KAFKA_PRODUCER_STATE_H_

#include <cstdint>
#include <vector>

#include "model/kafka/client/state.h"
#include "model/kafka/context.h"
#include "model/programs/producer_program.h"
#include "sim/id_map.h"
#include "sim/time.h"

namespace kafka::producer {

constexpr uint32_t kNil = 0xffffffff;  // no slot

// A batch that has no outcome yet, or whose bytes are still on the wire (KC:P-3). A long queue of
// them is what a copy of a busy producer costs: 64 bytes each.
struct Slot {
  sim::MonoTime created{};
  sim::MonoTime last_attempt{};  // created, later the time of the last re-enqueue
  int64_t timestamp_ms = 0;
  MessageId first;
  BatchId id;  // none before the first drain
  uint32_t count = 0;
  uint32_t bytes = 0;
  uint32_t room = 0;      // bytes that it may grow to, and what it holds of buffer.memory (KC:P-16)
  uint32_t next = kNil;   // in its queue, in its request, or in the list of free slots
  uint32_t attempts = 0;  // re-enqueues; 0 again for the parts of a split
  int32_t base_sequence = -1;
  LeaderEpoch leader_epoch;
  int16_t producer_epoch = -1;
  uint8_t partition = 0;            // index in Process::partitions
  bool closed : 1 = false;          // takes no more records
  bool in_flight : 1 = false;       // in a request
  bool done : 1 = false;            // has an outcome (KC:P-43)
  bool split : 1 = false;           // is a part of a split batch (KC:P-45)
  bool renumbered : 1 = false;      // and not sent since: by an epoch bump (KC:P-64)
  bool maybe_written : 1 = false;   // an attempt may be in a log, or under way
  bool leader_changed : 1 = false;  // a newer leader epoch was seen in this attempt (KC:P-22)

  bool has_sequence() const { return base_sequence >= 0; }
  bool is_retry() const { return attempts > 0; }
  int32_t last_sequence() const { return base_sequence + static_cast<int32_t>(count) - 1; }
  uint32_t pooled() const { return split ? 0 : room; }
  friend bool operator==(const Slot&, const Slot&) = default;
};
static_assert(sizeof(Slot) == 64);

// One partition as the client knows it, its queue (KC:P-2) and its sequences (KC:1.15).
struct Partition {
  PartitionId id;
  BrokerId leader;
  LeaderEpoch leader_epoch;
  uint32_t head = kNil;
  uint32_t tail = kNil;
  uint32_t length = 0;
  MessageId last;  // of the batch at the tail
  bool muted = false;
  bool unresolved = false;  // KC:P-66
  bool rewrite = false;     // the next bump renumbers it (KC:I-6)
  int16_t producer_epoch = -1;
  int32_t next_sequence = 0;
  int32_t last_acked = -1;
  int32_t unresolved_next = 0;
  std::vector<uint32_t> sent;

  friend bool operator==(const Partition&, const Partition&) = default;
};

// What client::Request::kind says. The subject of kProduce is its first slot; others have none.
enum class RequestKind : uint8_t { kProduce, kMetadata, kInitProducerId };

// A record as the program hands it to send().
struct Record {
  uint32_t number = 0;  // counts the program's records
  uint32_t key = 0;
  bool has_key = false;
  bool has_callback = false;
  int32_t partition = -1;  // of the topic, if the program names one
  uint32_t value_bytes = 0;
};

// The send() that the application's thread stands in, if it blocks (KC:P-11, P-12, P-16).
struct SendCall {
  enum class Blocked : uint8_t { kNo, kMetadata, kMemory };
  Blocked blocked = Blocked::kNo;
  sim::MonoTime deadline{};  // when max.block.ms is over
  MessageId message;         // of a call that blocks

  friend bool operator==(const SendCall&, const SendCall&) = default;
};

// Where records without a key go for now (KC:P-20).
struct StickyPartition {
  static constexpr uint16_t kNone = 0xffff;
  uint16_t index = kNone;  // kNone: the next record chooses
  uint64_t bytes = 0;

  bool exists() const { return index != kNone; }
  friend bool operator==(const StickyPartition&, const StickyPartition&) = default;
};

struct Process {
  programs::SendLoop program;  // what calls send(); the library below knows nothing of it
  client::Client client;
  SendCall call;
  StickyPartition sticky;
  bool closing = false;  // no more send(); what is queued goes at once (KC:P-51)
  bool closed = false;
  bool exit_when_closed = false;
  bool topic_known = false;  // it is cached; send() waits while it is not (KC:P-11, P-37)
  bool woken = false;        // send() has ended the sender's poll() (KC:P-10)
  bool bump_wanted = false;  // a new epoch, before the next batch is sent (KC:I-7)
  int16_t producer_epoch = -1;
  int32_t producer_id = -1;
  bool asking_producer_id = false;
  uint32_t producer_id_requests = 0;
  sim::MonoTime producer_id_retry_at{};
  uint32_t free_slot = kNil;
  uint32_t live = 0;    // slots in use
  uint32_t queued = 0;  // of them, in some partition's queue
  uint64_t memory_free = 0;
  sim::MonoTime oldest{};                             // no live slot was created before
  sim::MonoTime armed = sim::Never<sim::MonoTime>();  // what the sender's timer is set to
  // When the poll() that the sender stands in ends by itself (KC:P-35).
  sim::MonoTime poll_until = sim::Never<sim::MonoTime>();
  std::vector<Slot> slots;
  std::vector<Partition> partitions;  // of the topic, by index
  // Where the last drain for that broker stopped (KC:P-25).
  sim::IdMap<BrokerId, uint16_t, kMaxBrokers> drain_index;

  friend bool operator==(const Process&, const Process&) = default;
};

struct Producer {
  ProducerIndex index;
  Process process;

  friend bool operator==(const Producer&, const Producer&) = default;
};

enum Timer : uint8_t { kSenderTimer = 1, kProgramTimer = 2 };

void HashInto(sim::StableHash& hash, const Producer& self);

}  // namespace kafka::producer

#endif  // MODEL_KAFKA_PRODUCER_STATE_H_
