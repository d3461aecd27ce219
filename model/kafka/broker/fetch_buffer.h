// model/kafka/broker/fetch_buffer.h
//
// Room for one fetch answer on the stack, not zeroed ahead: a broker answers most fetches with one
// partition of the sixty-four that there might be.
#ifndef MODEL_KAFKA_BROKER_FETCH_BUFFER_H_
#define MODEL_KAFKA_BROKER_FETCH_BUFFER_H_

#include <cstddef>
#include <memory>
#include <type_traits>

#include "model/kafka/context.h"
#include "sim/check.h"

namespace kafka::broker {

class FetchBuffer {
 public:
  using Item = FetchResponse::Item;
  static_assert(std::is_trivially_destructible_v<Item>);

  Item* items() { return reinterpret_cast<Item*>(room_); }
  void Put(uint32_t index, const Item& item) {
    SIM_CHECK(index < kMaxPartitions);
    std::construct_at(items() + index, item);
  }

 private:
  alignas(Item) std::byte room_[kMaxPartitions * sizeof(Item)];
};

}  // namespace kafka::broker

#endif  // MODEL_KAFKA_BROKER_FETCH_BUFFER_H_
