// Requests that found every request thread busy.
#include "model/kafka/broker/requests/request_threads.h"

#include <array>
#include <cstring>
#include <vector>

#include "model/kafka/broker/handlers.h"

namespace kafka::broker {
namespace {

template <typename B, auto Handler>
void Call(const Context& ctx, Broker& self, ConnectionId connection,
          std::span<const std::byte> bytes, Effects& out) {
  const auto* body = reinterpret_cast<const B*>(bytes.data());
  using Item = typename sim::ItemOf<B>::type;
  std::span<const Item> items;
  if constexpr (!std::is_same_v<Item, sim::NoItem>) {
    items = {reinterpret_cast<const Item*>(bytes.data() + sizeof(B)),
             (bytes.size() - sizeof(B)) / sizeof(Item)};
  }
  Handler(ctx, self, sim::Received<B>{connection, *body, items}, out);
}

using Handler = void (*)(const Context&, Broker&, ConnectionId, std::span<const std::byte>,
                         Effects&);
// In the order of RequestBodies.
constexpr std::array<Handler, RequestBodies::kSize> kHandlers = {
    &Call<ProduceRequest, &OnProduce>,          &Call<FetchRequest, &OnFetch>,
    &Call<MetadataRequest, &OnMetadataRequest>, &Call<InitProducerIdRequest, &OnInitProducerId>,
    &Call<ListOffsetsRequest, &OnListOffsets>,  &Call<EpochEndRequest, &OnEpochEnd>,
    &Call<ApiVersionsRequest, &OnApiVersions>};

}  // namespace

void Queue(Process& process, ConnectionId connection, uint8_t kind, std::span<const std::byte> head,
           std::span<const std::byte> items) {
  const size_t size = head.size() + items.size();
  const auto first = static_cast<uint32_t>(process.queue_words.size());
  process.queue_words.resize(first + (size + 7) / 8);
  auto* to = reinterpret_cast<std::byte*>(process.queue_words.data() + first);
  std::memcpy(to, head.data(), head.size());
  if (!items.empty()) std::memcpy(to + head.size(), items.data(), items.size());
  process.queue.push_back({.connection = connection,
                           .kind = kind,
                           .first_word = first,
                           .size = static_cast<uint32_t>(size)});
}

void RunQueued(const Context& ctx, Broker& self, Effects& out) {
  Process& process = self.process;
  const uint32_t threads = SettingsOf(ctx, self).num_io_threads;
  // Who has to wait again goes to the end, and is not looked at twice.
  for (size_t left = process.queue.size(); left > 0 && process.threads_busy < threads; --left) {
    const QueuedRequest request = process.queue.front();
    process.queue.erase(process.queue.begin());
    // A copy: the handler may queue more words. The queue is rare, so is the allocation.
    const std::vector<uint64_t> words(
        process.queue_words.begin() + request.first_word,
        process.queue_words.begin() + request.first_word + (request.size + 7) / 8);
    if (process.queue.empty()) process.queue_words.clear();
    kHandlers[request.kind](ctx, self, request.connection,
                            std::as_bytes(std::span(words)).first(request.size), out);
  }
}

}  // namespace kafka::broker
