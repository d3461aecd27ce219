// model/kafka/producer/idempotence.h
//
// Sequences and epochs of a producer without transactions (idempotence.cc; KC:1.15).
#ifndef MODEL_KAFKA_PRODUCER_IDEMPOTENCE_H_
#define MODEL_KAFKA_PRODUCER_IDEMPOTENCE_H_

#include "model/kafka/producer/state.h"

namespace kafka::producer {

// Whether the first lines of a sender's round would do nothing.
inline bool HasIdlingSequences(const Process& process) {
  if (process.bump_wanted || process.producer_id < 0) return false;
  for (const Partition& partition : process.partitions) {
    if (partition.unresolved) return false;
  }
  return true;
}
// What expired in flight counts as written if everything after it was taken; else an epoch bump is
// wanted (KC:P-66).
void ResolveSequences(Process& process);
// A new epoch, in which the partitions concerned begin at sequence 0 again (KC:I-6).
void MaybeBumpEpoch(const Context& ctx, Producer& self, Effects& out);
// Whether the head has to wait for what was sent before it (KC:P-26).
bool StopsDrain(const Process& process, const Partition& partition);
// A batch gets its sequence when it is drained, and keeps it (KC:P-27).
void AssignSequence(Process& process, Partition& partition, Slot& slot);
void RequestBump(Process& process, Partition& partition);
// Whether an idempotent producer tries this batch again after that error (KC:P-64).
bool MayRetryWithSequences(Process& process, Partition& partition, const Slot& slot, Error error);
// A batch that may have been written has expired: nobody knows which sequence is next (KC:P-48).
void MarkUnresolved(Partition& partition, const Slot& slot);

}  // namespace kafka::producer

#endif  // MODEL_KAFKA_PRODUCER_IDEMPOTENCE_H_
