// model/kafka/consumer/commits.h
//
// commitSync(), as the program calls it for what a poll gave it (commits.cc; KC:C-32, C-35).
#ifndef MODEL_KAFKA_CONSUMER_COMMITS_H_
#define MODEL_KAFKA_CONSUMER_COMMITS_H_

#include "model/kafka/consumer/state.h"

namespace kafka::consumer {

// Begins a call that commits the end of each piece of work.
void BeginCommits(Process& process);
// Sends what is not sent yet, as far as the store can be reached.
void SendCommits(const Context& ctx, Consumer& self, Effects& out);
bool CommitsAreDone(const Process& process);
// The store has answered for that partition.
void FinishCommit(Process& process, uint16_t partition);
// Everything that has no answer is sent again.
void LoseCommits(Process& process);

}  // namespace kafka::consumer

#endif  // MODEL_KAFKA_CONSUMER_COMMITS_H_
