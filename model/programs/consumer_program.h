// model/programs/consumer_program.h
//
// The program that reads: how long it works on what a poll gave it, and what it commits when.
//
// Models:      a loop of poll(), processing, and a manual commitSync before or after processing.
// Leaves out:  a program that catches what poll() throws: it ends.
#ifndef MODEL_PROGRAMS_CONSUMER_PROGRAM_H_
#define MODEL_PROGRAMS_CONSUMER_PROGRAM_H_

#include <cstdint>
#include <vector>

#include "model/kafka/setup.h"
#include "sim/time.h"

namespace programs {

using kafka::ConsumerProgram;

// Records of one partition that a poll has given the program: [from, to).
struct Work {
  uint16_t partition = 0;    // index among the consumer's
  kafka::LeaderEpoch epoch;  // of the last record
  kafka::AppendedId entry;   // that the first record is out of
  kafka::Offset from;
  kafka::Offset to;

  friend bool operator==(const Work&, const Work&) = default;
};

// Where the loop stands: poll, [commit], process, [commit]. kEnded: poll() threw, and nobody caught
// it.
struct PollLoop {
  enum class State : uint8_t {
    kWaiting,
    kPolling,
    kCommitsBefore,
    kProcessing,
    kCommitsAfter,
    kEnded
  };
  State state = State::kWaiting;  // start_after is not over
  std::vector<Work> work;         // of this poll

  bool commits() const { return state == State::kCommitsBefore || state == State::kCommitsAfter; }
  friend bool operator==(const PollLoop&, const PollLoop&) = default;
};

// How long the program works on what it holds.
sim::Duration ProcessingTime(const PollLoop& loop, const ConsumerProgram& program);

// The steps. After each of them `state` says what the program does now.
void StartPolling(PollLoop& loop);
// poll() returned records, which are in `work`.
void PollReturned(PollLoop& loop, const ConsumerProgram& program);
void CommitReturned(PollLoop& loop);
void ProcessingDone(PollLoop& loop, const ConsumerProgram& program);
void PollThrew(PollLoop& loop);

}  // namespace programs

#endif  // MODEL_PROGRAMS_CONSUMER_PROGRAM_H_
