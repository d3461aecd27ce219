// model/kafka/explain/row.h
//
// A row of a chain: something that happened and mattered to one message, and where its copies were
// afterwards. Facts alone; words are made of them in tools/report/explain_text.
#ifndef MODEL_KAFKA_EXPLAIN_ROW_H_
#define MODEL_KAFKA_EXPLAIN_ROW_H_

#include <array>
#include <cstdint>

#include "model/kafka/setup.h"
#include "model/kafka/vocabulary/ids.h"
#include "sim/notes/note.h"

namespace kafka::explain {

// The safest place in which a broker has the message.
enum class Layer : uint8_t {
  kNone,
  kPageCache,   // goes with the kernel
  kDriveCache,  // goes with the power
  kMedium,
  kDead,  // its process is down; what it wrote is still there
};
using Copies = std::array<Layer, kafka::kMaxBrokers>;  // by broker

constexpr bool IsAnywhere(const Copies& copies) {
  for (const Layer layer : copies) {
    if (layer != Layer::kNone) return true;
  }
  return false;
}

enum class RowKind : uint8_t {
  kLastFetch,      // a follower asked, or was answered, and that ended before the message
  kSubmitted,      // send() took it, and it never left the producer
  kSent,           // handed to the socket for the first time
  kRefused,        // send() failed
  kAppended,       // by a leader
  kCopied,         // by followers
  kDurable,        // reached a medium
  kCommitted,      // the high watermark passed it
  kAnswered,       // the leader's answer went out
  kTold,           // the application believes that it is stored
  kRetried,        // an attempt failed; it is queued again
  kSentAgain,      // handed to the socket another time
  kRenumbered,     // the producer got a new epoch
  kRecognised,     // as a duplicate: not written again
  kRejected,       // by a broker
  kFailed,         // the application got an error
  kAppendedAgain,  // at a second offset
  kOvertaken,      // a later message of its key was appended before it
  kFault,          // of the plan
  kIsrShrank,      // the controller's record
  kFenced,         // a broker lost its session, and nothing was elected by that record
  kElected,        // another leader
  kLeaderless,     // nobody could be elected
  kTookOffice,     // the new leader begins
  kTruncated,      // cut off to match a leader
  kCacheLost,      // unsynced bytes went with kernel or power
  kShortRecovery,  // a process came back with less than the file held
  kOverwritten,    // something was written in its place
  kReplaced,       // another message has its offset
  kDisconnected,   // the producer's connection ended
  kServed,         // processed by a group
  kServedAgain,    // ... once more
  kPassed,         // a group's position went past it
  kProducerEnded,  // the client's process ended
  kReaderEnded,    // the program that was to read it ended: poll() threw
};
// "APPENDED".
const char* NameOf(RowKind kind);

struct Row {
  enum Mark : uint8_t { kPromise = 1, kNoReturn = 2, kErased = 4 };

  RowKind kind{};
  sim::NoteHeader header;
  sim::Note note;            // what said it
  kafka::BrokerSet brokers;  // who did it, of rows that were made one
  kafka::MessageId other;    // kOvertaken, kReplaced: the other message
  // As the kind says. kAppended: the leader's high watermark. kFault: 1 if it struck this copy's
  // page cache. kTruncated: 1 if the process had started anew. kElected: the ISR and the ELR
  // before.
  uint64_t extra = 0;
  uint32_t times = 1;  // how often, of rows that were made one
  uint8_t marks = 0;
  uint8_t rank = 9;  // 0: never left out
  bool decisive = false;
  Copies copies{};
};

}  // namespace kafka::explain

#endif  // MODEL_KAFKA_EXPLAIN_ROW_H_
