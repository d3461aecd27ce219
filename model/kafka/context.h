// model/kafka/context.h
//
// What a Kafka machine's handler is given, and what it writes to.
#ifndef MODEL_KAFKA_CONTEXT_H_
#define MODEL_KAFKA_CONTEXT_H_

#include "model/kafka/notes.h"
#include "model/kafka/setup.h"
#include "model/kafka/vocabulary/records.h"
#include "model/kafka/vocabulary/requests.h"
#include "sim/context.h"
#include "sim/effects.h"
#include "sim/world.h"

namespace kafka {

struct Context : sim::Context {
  const Setup* setup = nullptr;
  const Tables* tables = nullptr;  // may grow during a handler, through Effects::Add
};

using Bodies =
    sim::List<ProduceRequest, ProduceResponse, FetchRequest, FetchResponse, MetadataRequest,
              MetadataResponse, InitProducerIdRequest, InitProducerIdResponse, ListOffsetsRequest,
              ListOffsetsResponse, EpochEndRequest, EpochEndResponse, RegisterRequest,
              RegisterResponse, HeartbeatRequest, HeartbeatResponse, AlterPartitionRequest,
              AlterPartitionResponse, AllocateProducerIdRequest, AllocateProducerIdResponse,
              MetadataFetchRequest, MetadataFetchResponse, OffsetCommitRequest,
              OffsetCommitResponse, OffsetFetchRequest, OffsetFetchResponse, ApiVersionsRequest,
              ApiVersionsResponse>;

// What a send is: to whom, about what (keys its latency), and how large on the wire.
struct SendSpec {
  sim::ConnectionId connection;
  sim::About about;
  uint32_t wire_bytes = 0;  // 0: the body's own size
};

class Effects : public sim::Effects {
 public:
  template <typename B>
  void Send(const SendSpec& to, const B& body,
            std::span<const typename sim::ItemOf<B>::type> items = {}) {
    SendBody<Bodies>(to.connection, to.about, to.wire_bytes, body, items);
  }
  // Of a message that is still to be made, see sim::Effects.
  template <typename B>
  Room<B> SendRoom(const SendSpec& to, size_t count) {
    return SendRoomFor<Bodies, B>(to.connection, to.about, to.wire_bytes, count);
  }
  // Ids at once.
  MessageId Add(const Message& message) { return tables_->Add(message); }
  BatchId Add(const Batch& batch) { return tables_->Add(batch); }
  AppendedId Add(PartitionId partition, Offset base, BatchId batch, LeaderEpoch epoch) {
    return tables_->Add(partition, base, batch, epoch);
  }
  // Where a message goes whose send() was blocked.
  void Place(MessageId message, PartitionId partition) { tables_->Place(message, partition); }
  // The next message of an open batch.
  void Link(MessageId previous, MessageId next) { tables_->messages[previous.value].next = next; }
  // Returns its metadata offset.
  int64_t Add(const MetadataRecord& record) {
    tables_->metadata.push_back(record);
    return static_cast<int64_t>(tables_->metadata.size()) - 1;
  }
  void AttachTables(Tables* tables) { tables_ = tables; }

 private:
  Tables* tables_ = nullptr;
};

// Choice keys of messages: (producer's declared name, number), never an index.
inline uint64_t UidOf(const Setup& setup, const Tables& tables, MessageId id) {
  const Message& message = tables[id];
  const uint16_t producer = message.producer.value;
  const uint64_t name = producer < tables.names.size()
                            ? tables.names[producer]
                            : sim::HashName(setup.producers[producer].name);
  return sim::Mix(name, message.number);
}
inline uint64_t UidOf(const Setup& setup, const Tables& tables, BatchId id) {
  return UidOf(setup, tables, tables[id].first);
}

}  // namespace kafka

#endif  // MODEL_KAFKA_CONTEXT_H_
