#include "model/kafka/broker/choice_keys.h"

namespace kafka::broker {

sim::About NextAbout(Process& process, ConnectionId connection, uint64_t uid) {
  for (ClientConnection& client : process.clients) {
    if (client.id != connection) continue;
    if (client.about.uid == uid) {
      ++client.about.attempt;
    } else {
      client.about = {uid, 0};
    }
    return client.about;
  }
  return {uid, 0};
}

uint64_t UidOfPartition(const Context& ctx, PartitionId id) {
  const PartitionSetup& partition = ctx.setup->partitions[id.value];
  return sim::Mix(sim::HashName(ctx.setup->topics[partition.topic.value].name), partition.index);
}

uint64_t UidBelow(const Context& ctx, const Partition& partition, Offset offset) {
  const Log& log = partition.log;
  const AppendedId id =
      offset >= log.end ? LastEntry(log) : EntryAt(*ctx.tables, log, offset - RecordCount{1});
  if (!id.exists()) return UidOfPartition(ctx, partition.id);
  return UidOf(*ctx.setup, *ctx.tables, ctx.tables->At(partition.id, id).batch);
}

}  // namespace kafka::broker
