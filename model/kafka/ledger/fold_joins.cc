// Proposals to admit brokers to the ISR that their leader forgot, and what it committed without
// them (KB:R-2, docs/fidelity.md).
#include <algorithm>

#include "model/kafka/ledger/ledger.h"

namespace kafka::ledger {

using kafka::BrokerId;
using kafka::BrokerSet;

using kafka::Offset;
using kafka::PartitionId;

namespace {

bool IsAdmitted(const PartitionRecord& record, const ForgottenJoin& join) {
  return record.leader_epoch == join.leader_epoch &&
         record.partition_epoch == join.partition_epoch + 1 && (join.joining - record.isr).empty();
}

}  // namespace

// A forgotten shrink is no matter: the watermark waits for the committed ISR either way.
void Ledger::OnProposalForgotten(const notes::ProposalForgotten& said, const Replica& own) {
  const PartitionId id = said.partition;
  ForgottenJoin join;
  join.partition = id;
  join.leader = own.broker;
  join.leader_epoch = said.leader_epoch;
  join.partition_epoch = said.partition_epoch.value;
  join.joining = said.proposed - said.committed;
  join.to = own.high_watermark;
  join.admitted = IsAdmitted(of(id).record, join);
  const bool outdated = of(id).record.partition_epoch > join.partition_epoch;
  if (join.joining.empty() || (outdated && !join.admitted)) return;
  forgotten_joins.push_back(join);
}

// The leader's high watermark has moved.
void Ledger::WidenForgottenJoins(const kafka::Tables& tables, PartitionId id,
                                 const Replica& leader) {
  const TableView table{&tables, id};
  for (ForgottenJoin& join : forgotten_joins) {
    if (!join.open || join.partition != id || join.leader != leader.broker) continue;
    if (join.leader_epoch != leader.epoch) continue;
    while (join.to < leader.high_watermark) {
      const kafka::AppendedId entry = leader.log.At(table, join.to);
      if (!entry.exists()) break;
      if (join.ids.empty() || join.ids.back().end() != entry.value) {
        join.ids.push_back({.first = entry.value, .count = 0});
      }
      ++join.ids.back().count;
      join.to = table.EndOf(entry.value);
    }
  }
}

// The leader has heard what the ISR is now.
void Ledger::CloseForgottenJoins(PartitionId id, BrokerId leader) {
  for (ForgottenJoin& join : forgotten_joins) {
    if (join.partition == id && join.leader == leader) join.open = false;
  }
}

bool Ledger::AdmittedWithout(PartitionId id, BrokerId broker, kafka::AppendedId entry) const {
  const auto is_it = [&](const ForgottenJoin& join) {
    return join.admitted && join.partition == id && join.joining.contains(broker) &&
           std::any_of(join.ids.begin(), join.ids.end(),
                       [&](IdRange ids) { return ids.contains(entry); });
  };
  const Replica* replica = Find(id, broker);
  return replica != nullptr && std::any_of(forgotten_joins.begin(), forgotten_joins.end(), is_it) &&
         !HasEverHad(id, *replica, entry);
}

// The controller's next record of the partition: either it admits them, or the request is outdated
// by it (KB:R-28).
void Ledger::DecideForgottenJoins(PartitionId id) {
  const PartitionRecord& record = of(id).record;
  std::erase_if(forgotten_joins, [&](ForgottenJoin& join) {
    if (join.partition != id || join.admitted) return false;
    join.admitted = IsAdmitted(record, join);
    return !join.admitted;
  });
}

}  // namespace kafka::ledger
