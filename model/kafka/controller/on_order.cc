// What an operator asks for while the cluster runs: elections, settings, partitions (KB:E-17, E-31..
// E-33).
#include "model/kafka/controller/handlers.h"
#include "model/kafka/controller/records.h"

namespace kafka::controller {
namespace {

bool Concerns(const Setup& setup, const Act& act, PartitionId partition) {
  if (act.partition.exists()) return act.partition == partition;
  return !act.topic.exists() || setup.partitions[partition.value].topic == act.topic;
}

// Where the wish is met already nothing is done, and nothing is written where nobody can be elected
// (KB:E-32).
AskedElection Elect(const Context& ctx, Process& process, PartitionId partition, bool unclean,
                    Effects& out) {
  const PartitionState before = process.partitions[partition.value];
  const BrokerId preferred = ctx.setup->partitions[partition.value].replicas.front();
  if (unclean ? before.leader.exists() : before.leader == preferred) {
    return AskedElection::kNotNeeded;
  }
  ChangeRequest request = RequestFor(ctx, process, partition);
  request.preferred = !unclean;
  request.by_hand = unclean;
  request.unclean_allowed = request.unclean_allowed && unclean;
  WritePartition(ctx, process, partition, request, out);
  const bool elected = process.partitions[partition.value].leader != before.leader;
  return elected ? AskedElection::kElected : AskedElection::kNobodyEligible;
}

void ElectLeaders(const Context& ctx, Process& process, const Act& act, Effects& out) {
  for (uint16_t i = 0; i < process.partitions.size(); ++i) {
    if (!Concerns(*ctx.setup, act, {i}) || !Exists(process.partitions[i])) continue;
    const AskedElection outcome = Elect(ctx, process, {i}, act.unclean, out);
    out.Say(notes::ElectionAsked{.partition = {i}, .unclean = act.unclean, .outcome = outcome});
  }
}

// KB:E-17: ELR and last known leader are gone, whoever was in them, and the leader epoch stays.
void ClearElr(const Context& ctx, Process& process, const Act& act, Effects& out) {
  for (uint16_t i = 0; i < process.partitions.size(); ++i) {
    const PartitionState& state = process.partitions[i];
    if (!Concerns(*ctx.setup, act, {i})) continue;
    if (state.elr.empty() && !state.last_known_leader.exists()) continue;
    ChangeResult cleared{.state = state, .changed = true};
    cleared.state.elr = {};
    cleared.state.last_known_leader = BrokerId::None();
    ++cleared.state.partition_epoch.value;
    WriteState(ctx, process, {i}, cleared, out);
  }
}

// Of a topic, the value that it has already is no change and writes nothing; the cluster's is
// written whatever it was (seen on a real cluster: KB:E-17).
bool IsNoChange(const Context& ctx, const Process& process, const Act& act) {
  if (!act.topic.exists()) return false;
  const uint8_t bit = static_cast<uint8_t>(1u << static_cast<uint32_t>(act.setting));
  const TopicSetup& topic = ctx.setup->topics[act.topic.value];
  const auto& in_force = process.in_force.topics;
  const uint8_t own = in_force.empty() ? topic.own : in_force[act.topic.value].own;
  const TopicSettings& now = in_force.empty() ? topic.settings : in_force[act.topic.value].settings;
  return (own & bit) != 0 && ValueOf(now, act.setting) == act.value;
}

void ChangeSetting(const Context& ctx, Process& process, const Act& act, Effects& out) {
  if (IsNoChange(ctx, process, act)) return;
  MetadataRecord record;
  record.kind = MetadataRecord::Kind::kSetting;
  record.topic = act.topic;
  record.setting = act.setting;
  record.value = act.value;
  WriteSetting(ctx, process, record, out);
  const bool clears = act.setting == TopicSetting::kMinInsyncReplicas && ctx.setup->controller.elr;
  if (clears) ClearElr(ctx, process, act, out);
}

// KB:E-33: whoever is active then is in sync.
void AddPartition(const Context& ctx, Process& process, PartitionId partition, Effects& out) {
  if (Exists(process.partitions[partition.value])) return;
  const ChangeRequest request = RequestFor(ctx, process, partition);
  ChangeResult made{.state = {}, .election = Election::kCreated, .changed = true};
  made.state.isr = request.acceptable;
  for (const BrokerId replica : request.assignment) {
    if (!request.acceptable.contains(replica)) continue;
    made.state.leader = replica;
    break;
  }
  made.state.leader_epoch = {0};
  made.state.partition_epoch = {0};
  WriteState(ctx, process, partition, made, out);
}

// All of them, or none: where nobody is active the request is refused.
void AddPartitions(const Context& ctx, Process& process, int16_t act, Effects& out) {
  std::vector<PartitionId> added;
  for (uint16_t i = 0; i < ctx.setup->partitions.size(); ++i) {
    if (ctx.setup->partitions[i].added_by != act) continue;
    if (RequestFor(ctx, process, {i}).acceptable.empty()) return;
    added.push_back({i});
  }
  for (const PartitionId partition : added) AddPartition(ctx, process, partition, out);
}

}  // namespace

void OnOrdered(const Context& ctx, Controller& self, const sim::Received<sim::Ordered>& event,
               Effects& out) {
  const Act& act = ctx.setup->acts[event.body.order];
  switch (act.kind) {
    case Act::Kind::kElectLeaders:
      return ElectLeaders(ctx, self.process, act, out);
    case Act::Kind::kChangeSetting:
      return ChangeSetting(ctx, self.process, act, out);
    case Act::Kind::kAddPartitions:
      return AddPartitions(ctx, self.process, static_cast<int16_t>(event.body.order), out);
  }
}

}  // namespace kafka::controller
