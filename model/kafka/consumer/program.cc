#include "model/kafka/consumer/program.h"

#include <algorithm>

#include "model/kafka/consumer/commits.h"
#include "model/kafka/consumer/fetcher.h"
#include "model/kafka/consumer/network.h"
#include "model/kafka/consumer/positions.h"
#include "model/kafka/consumer/settings.h"

namespace kafka::consumer {
namespace {

using LoopState = programs::PollLoop::State;

const ConsumerProgram& ProgramOf(const Context& ctx, const Consumer& self) {
  return SetupOf(ctx, self).program;
}

void StartProcessing(const Context& ctx, Consumer& self, Effects& out) {
  const Duration needed = programs::ProcessingTime(self.process.program, ProgramOf(ctx, self));
  if (needed.ns == 0) return FinishProcessing(ctx, self, out);
  out.SetTimer({.tag = {kProcessingTimer}, .min = needed});
}

// The loop is in a state that lasts, or begins what it does in a new one.
void Enter(const Context& ctx, Consumer& self, Effects& out) {
  Process& process = self.process;
  switch (process.program.state) {
    case LoopState::kCommitsBefore:
    case LoopState::kCommitsAfter:
      return BeginCommits(process);
    case LoopState::kProcessing:
      return StartProcessing(ctx, self, out);
    case LoopState::kPolling:
      return process.commits.clear();
    case LoopState::kWaiting:
    case LoopState::kEnded:
      return;
  }
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
  programs::PollThrew(process.program);
  client::CloseAll(process.client, out);
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

// Goes on with the loop as far as it can without waiting. Only a poll() looks after positions, and
// before it looks into the buffer: one that is in doubt costs what is buffered, however soon the
// answer comes (KC:C-9).
void RunProgram(const Context& ctx, Consumer& self, Effects& out) {
  programs::PollLoop& loop = self.process.program;
  for (;;) {
    if (loop.state == LoopState::kPolling) {
      AskForPositions(ctx, self, out);
      std::optional<uint16_t> throws = ThrowsAtOnce(self.process);
      if (!throws) throws = Collect(ctx, self, out);
      if (throws) return End(self, *throws, out);
      if (loop.work.empty()) return;
      programs::PollReturned(loop, ProgramOf(ctx, self));
    } else if (loop.commits()) {
      SendCommits(ctx, self, out);
      if (!CommitsAreDone(self.process)) return;
      programs::CommitReturned(loop);
    } else {
      return;
    }
    Enter(ctx, self, out);
  }
}

}  // namespace

void FinishProcessing(const Context& ctx, Consumer& self, Effects& out) {
  Process& process = self.process;
  for (const programs::Work& work : process.program.work) {
    out.Say(notes::Processed{.partition = process.partitions[work.partition].id,
                             .consumer = self.index,
                             .from = work.from,
                             .to = work.to,
                             .first = work.entry});
  }
  programs::ProcessingDone(process.program, ProgramOf(ctx, self));
  Enter(ctx, self, out);
}

void Run(const Context& ctx, Consumer& self, Effects& out) {
  const programs::PollLoop& program = self.process.program;
  if (program.state == LoopState::kWaiting || program.state == LoopState::kEnded) return;
  MaybeSendMetadata(ctx, self, out);
  RunProgram(ctx, self, out);
  if (program.state == LoopState::kEnded) return;
  SendFetches(ctx, self, out);  // before poll() returns (KC:C-8)
  ArmTimer(ctx, self, out);
}

}  // namespace kafka::consumer
