#include "model/programs/consumer_program.h"

namespace programs {

using Commit = ConsumerProgram::Commit;
using State = PollLoop::State;

sim::Duration ProcessingTime(const PollLoop& loop, const ConsumerProgram& program) {
  int64_t records = 0;
  for (const Work& work : loop.work) records += (work.to - work.from).value;
  return program.processing * records;
}

void StartPolling(PollLoop& loop) {
  loop.work.clear();
  loop.state = State::kPolling;
}

void PollReturned(PollLoop& loop, const ConsumerProgram& program) {
  const bool commits_first = program.commit == Commit::kBeforeProcessing;
  loop.state = commits_first ? State::kCommitsBefore : State::kProcessing;
}

void CommitReturned(PollLoop& loop) {
  if (loop.state == State::kCommitsAfter) return StartPolling(loop);
  loop.state = State::kProcessing;
}

void ProcessingDone(PollLoop& loop, const ConsumerProgram& program) {
  if (program.commit != Commit::kAfterProcessing) return StartPolling(loop);
  loop.state = State::kCommitsAfter;
}

void PollThrew(PollLoop& loop) { loop.state = State::kEnded; }

}  // namespace programs
