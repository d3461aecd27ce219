// The application's loop around poll(), and the whole consumer's step.
#include <algorithm>

#include "model/kafka/consumer/parts.h"
#include "model/programs/consumer_program.h"

namespace kafka::consumer {
namespace {

using ApplicationState = Application::State;

bool CommitsAreDone(const Application& app) {
  return std::all_of(app.work.begin(), app.work.end(),
                     [](const Work& work) { return work.commit == Work::Commit::kDone; });
}

void StartProcessing(const Context& ctx, Consumer& self, Effects& out) {
  Application& app = self.process.app;
  app.state = ApplicationState::kProcessing;
  int64_t records = 0;
  for (const Work& work : app.work) records += (work.to - work.from).value;
  const Duration needed = programs::ProcessingOf(SetupOf(ctx, self).program, records);
  if (needed.ns == 0) return FinishProcessing(ctx, self, out);
  out.SetTimer({.tag = {kProcessingTimer}, .min = needed});
}

void FinishPoll(Application& app) {
  app.work.clear();
  app.state = ApplicationState::kPolling;
}

// poll() looks after positions before it looks into the buffer: what is there is not handed out.
std::optional<uint16_t> ThrowsAtOnce(const Process& process) {
  for (uint16_t i = 0; i < process.partitions.size(); ++i) {
    if (process.partitions[i].throws_at_once()) return i;
  }
  return std::nullopt;
}

ConsumerEnd ReasonOf(const Partition& partition) {
  if (partition.state == Partition::State::kNoOffset) return ConsumerEnd::kNoCommittedOffset;
  if (partition.state == Partition::State::kLogTruncated) return ConsumerEnd::kLogTruncated;
  return ConsumerEnd::kOutOfRange;
}

// The exception leaves the program's loop, and closes the consumer: no partition is read any more.
void End(Consumer& self, uint16_t cause, Effects& out) {
  Process& process = self.process;
  const Partition& partition = process.partitions[cause];
  out.Say(notes::ConsumerEnded{.partition = partition.id,
                               .consumer = self.index,
                               .why = ReasonOf(partition),
                               .position = partition.position});
  process.app.state = ApplicationState::kEnded;
  const auto close = [&](Node& node) {
    if (node.state != Node::State::kIdle) out.Close(node.connection);
    node = Node{};
  };
  for (Node& node : process.nodes) close(node);
  close(process.store);
  process.buffered.clear();
  out.CancelTimer({kClientTimer});
  process.armed = sim::Never<sim::MonoTime>();
}

sim::MonoTime NextWake(const Context& ctx, const Consumer& self) {
  sim::MonoTime wake = NextNetworkTime(ctx, self);
  for (const Partition& partition : self.process.partitions) {
    if (partition.retry_at > ctx.mono) wake = std::min(wake, partition.retry_at);
  }
  return wake;
}

// A timer that is set too early only fires too early: it is moved nearer, never away.
void ArmTimer(const Context& ctx, Consumer& self, Effects& out) {
  Process& process = self.process;
  const sim::MonoTime wake = NextWake(ctx, self);
  if (wake >= process.armed) return;
  process.armed = wake;
  out.SetTimer({.tag = {kClientTimer}, .min = wake - ctx.mono});
}

}  // namespace

void FinishProcessing(const Context& ctx, Consumer& self, Effects& out) {
  Process& process = self.process;
  for (const Work& work : process.app.work) {
    out.Say(notes::Processed{.partition = process.partitions[work.partition].id,
                             .consumer = self.index,
                             .from = work.from,
                             .to = work.to});
  }
  if (!programs::CommitsAfter(SetupOf(ctx, self).program)) return FinishPoll(process.app);
  process.app.state = ApplicationState::kCommitsAfter;
}

void RunProgram(const Context& ctx, Consumer& self, Effects& out) {
  Application& app = self.process.app;
  for (;;) {
    if (app.state == ApplicationState::kPolling) {
      std::optional<uint16_t> throws = ThrowsAtOnce(self.process);
      if (!throws) throws = Collect(ctx, self, out);
      if (throws) return End(self, *throws, out);
      if (app.work.empty()) return;
      if (programs::CommitsBefore(SetupOf(ctx, self).program)) {
        app.state = ApplicationState::kCommitsBefore;
      } else {
        StartProcessing(ctx, self, out);
      }
    } else if (app.state == ApplicationState::kCommitsBefore ||
               app.state == ApplicationState::kCommitsAfter) {
      SendCommits(ctx, self, out);
      if (!CommitsAreDone(app)) return;
      if (app.state == ApplicationState::kCommitsBefore) {
        StartProcessing(ctx, self, out);
      } else {
        FinishPoll(app);
      }
    } else {
      return;
    }
  }
}

// The next record to read, of each partition of this poll (KC:C-35).
void SendCommits(const Context& ctx, Consumer& self, Effects& out) {
  Process& process = self.process;
  for (Work& work : process.app.work) {
    if (work.commit != Work::Commit::kWaits) continue;
    Node* store = ReadyStore(ctx, self, out);
    if (store == nullptr) return;
    Partition& partition = process.partitions[work.partition];
    work.commit = Work::Commit::kSent;
    const uint32_t correlation =
        Track(ctx, process, *store, Request::Kind::kOffsetCommit, work.partition);
    const sim::About about{.uid = partition.uid, .attempt = partition.asks++};
    out.Send({.connection = store->connection, .about = about, .wire_bytes = kWireOverhead},
             OffsetCommitRequest{.correlation = correlation,
                                 .group = SetupOf(ctx, self).program.group,
                                 .partition = partition.id,
                                 .epoch = work.epoch,
                                 .offset = work.to});
  }
}

void LoseCommits(Process& process) {
  for (Work& work : process.app.work) {
    if (work.commit == Work::Commit::kSent) work.commit = Work::Commit::kWaits;
  }
}

void Run(const Context& ctx, Consumer& self, Effects& out) {
  if (self.process.app.state == ApplicationState::kWaiting) return;
  if (self.process.app.state == ApplicationState::kEnded) return;
  MaybeSendMetadata(ctx, self, out);
  AskForPositions(ctx, self, out);
  RunProgram(ctx, self, out);
  if (self.process.app.state == ApplicationState::kEnded) return;
  SendFetches(ctx, self, out);  // KC:C-8: before poll() returns
  ArmTimer(ctx, self, out);
}

}  // namespace kafka::consumer
