// model/kafka/item_buffer.h
//
// Room for the items of one message on the stack, not zeroed ahead: most carry one partition of the
// sixty-four that there might be.
#ifndef MODEL_KAFKA_ITEM_BUFFER_H_
#define MODEL_KAFKA_ITEM_BUFFER_H_

#include <cstddef>
#include <type_traits>

#include "model/kafka/context.h"

namespace kafka {

template <typename T>
class ItemBuffer {
 public:
  using Item = T;
  static_assert(std::is_trivially_destructible_v<Item>);

  Item* items() { return reinterpret_cast<Item*>(room_); }

 private:
  alignas(Item) std::byte room_[kMaxPartitions * sizeof(Item)];
};

}  // namespace kafka

#endif  // MODEL_KAFKA_ITEM_BUFFER_H_
