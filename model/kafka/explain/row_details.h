// model/kafka/explain/row_details.h
//
// What a row of a chain says: one struct a kind, each with the facts of that kind and no others.
//
// A new kind is a new struct in Detail. Everything that makes words of a row visits the variant,
// and does not compile until it knows the new kind.
#ifndef MODEL_KAFKA_EXPLAIN_ROW_DETAILS_H_
#define MODEL_KAFKA_EXPLAIN_ROW_DETAILS_H_

#include <cstdint>
#include <optional>
#include <variant>

#include "model/kafka/notes.h"
#include "model/kafka/vocabulary/ids.h"

namespace kafka::explain::row {

// ---- What the producer did and learnt. ----

// send() took the message into the accumulator.
struct Submitted {
  static constexpr const char* kName = "SUBMITTED";
  Acks acks{};
};
// The message was handed to the socket for the first time.
struct Sent {
  static constexpr const char* kName = "SENT";
  BatchId batch;
  BrokerId to;
};
struct SentAgain {
  static constexpr const char* kName = "SENT_AGAIN";
  BrokerId to;
  uint32_t attempt = 0;  // from 1
};
// send() failed.
struct Refused {
  static constexpr const char* kName = "REFUSED";
  Error error{};
};
// An attempt failed, and the batch is queued again.
struct Retried {
  static constexpr const char* kName = "RETRIED";
  uint32_t attempt = 0;  // from 1
  Error error{};
};
// The producer got a new epoch.
struct Renumbered {
  static constexpr const char* kName = "RENUMBERED";
};
// The application believes that the message is stored; with acks=0, that it was sent.
struct ApplicationTold {
  static constexpr const char* kName = "ACKNOWLEDGED";
  Acks acks{};
};
// The application got an error.
struct Failed {
  static constexpr const char* kName = "FAILED";
  Error error{};
};
// The connection on which the producer waited ended.
struct Disconnected {
  static constexpr const char* kName = "DISCONNECTED";
  BrokerId peer;
  bool reset = false;  // false: closed in order
};
struct ProducerEnded {
  static constexpr const char* kName = "PRODUCER_ENDED";
};

// ---- What brokers did with copies. ----

// A follower's last fetch, which ended before the message.
struct LastFetch {
  static constexpr const char* kName = "LAST_FETCH";
  BrokerId follower;
  bool answered = false;  // true: the leader answered up to `offset`; false: asked from `offset`
  Offset offset;
};
// A leader's append of a batch that holds the message, at [from, to).
struct Append {
  BrokerId leader;
  Offset from;
  Offset to;
  LeaderEpoch epoch;
  Offset high_watermark;  // the leader's, when it wrote that
};
struct Appended : Append {
  static constexpr const char* kName = "APPENDED";
};
// The second append, at another offset.
struct AppendedAgain : Append {
  static constexpr const char* kName = "APPENDED_AGAIN";
};
struct Copied {
  static constexpr const char* kName = "COPIED";
  BrokerSet followers;
};
// Copies of `brokers` reached a medium.
struct Durable {
  static constexpr const char* kName = "DURABLE";
  BrokerSet brokers;
};
// The high watermark passed the message.
struct Committed {
  static constexpr const char* kName = "COMMITTED";
  Offset from;
  Offset to;
  BrokerSet isr;
};
// The leader's answer went out.
struct Answered {
  static constexpr const char* kName = "ANSWERED";
  Offset base;
};
// A leader knew the batch as a duplicate and wrote nothing.
struct Recognised {
  static constexpr const char* kName = "RECOGNISED";
};
struct Rejected {
  static constexpr const char* kName = "REJECTED";
  Error error{};
};
// A later message of the same key was appended first.
struct Overtaken {
  static constexpr const char* kName = "OVERTAKEN";
  MessageId other;
  Offset from;
  Offset to;
};
// A new leader begins.
struct BecameLeader {
  static constexpr const char* kName = "BECAME_LEADER";
  LeaderEpoch epoch;
  Offset log_end;
  Offset high_watermark;
};
// Logs were cut off to match a leader.
struct Truncated {
  static constexpr const char* kName = "TRUNCATED";
  BrokerSet brokers;
  Offset from;
  Offset to;
  LeaderEpoch epoch;       // of the leader that is followed
  bool restarted = false;  // the process had started anew since the append
};
// Unsynced bytes went with kernel or power.
struct CacheLost {
  static constexpr const char* kName = "CACHE_LOST";
  BrokerSet brokers;
};
// Everything went with the disk.
struct DiskLost {
  static constexpr const char* kName = "DISK_LOST";
  BrokerSet brokers;
};
// A process came back with less than its file had held.
struct ShortRecovery {
  static constexpr const char* kName = "SHORT_RECOVERY";
  BrokerId broker;
  Offset log_end;
};
// A process came back with a copy that had been taken for lost: a truncation that the journal had
// not committed, or bytes that no fsync had asked for.
struct CameBack {
  static constexpr const char* kName = "CAME_BACK";
  BrokerId broker;
  Offset log_end;
};
// Another message has the offset of this one.
struct Replaced {
  static constexpr const char* kName = "REPLACED";
  MessageId other;
  Offset offset;
};

// ---- What the controller decided. ----

// A broker lost its session in the event of the record, before it.
struct Fencing {
  enum class Reason : uint8_t { kRegisteredAnew, kSessionExpired, kStops };
  BrokerId broker;
  Reason reason{};
};
struct IsrShrank {
  static constexpr const char* kName = "ISR_SHRANK";
  BrokerSet left;
  BrokerSet isr;
};
struct Elected {
  static constexpr const char* kName = "ELECTED";
  std::optional<Fencing> fenced;
  BrokerId leader;
  Election how{};
  BrokerSet isr_before;
  BrokerSet elr_before;
  LeaderEpoch epoch_before;
  LeaderEpoch epoch;
};
// Nobody could be elected.
struct Leaderless {
  static constexpr const char* kName = "LEADERLESS";
  std::optional<Fencing> fenced;
  BrokerSet isr;
  BrokerSet elr;
};

// ---- What the plan broke. ----

struct Fault {
  static constexpr const char* kName = "FAULT";
  uint16_t plan = 0;  // index in the plan
  bool by_fallback = false;
  BrokerSet met;
  BrokerSet cache_lost;  // brokers whose unsynced copies went with it
};

// ---- What groups did. ----

struct Served {
  static constexpr const char* kName = "PROCESSED";
  ConsumerIndex consumer;
};
struct ServedAgain {
  static constexpr const char* kName = "PROCESSED_AGAIN";
  ConsumerIndex consumer;
};
// A group's position went past the message.
struct Passed {
  static constexpr const char* kName = "PASSED";
  struct ByCommit {
    GroupId group;
    Offset offset;
  };
  struct ByReset {
    ConsumerIndex consumer;
    Offset from;  // unknown: the consumer had no position
    Offset to;
  };
  std::variant<ByCommit, ByReset> how;
};
// The program that was to read the message ended: poll() threw.
struct ReaderEnded {
  static constexpr const char* kName = "READER_ENDED";
  ConsumerIndex consumer;
  ConsumerEnd reason{};
};

using Detail =
    std::variant<Submitted, Sent, SentAgain, Refused, Retried, Renumbered, ApplicationTold, Failed,
                 Disconnected, ProducerEnded, LastFetch, Appended, AppendedAgain, Copied, Durable,
                 Committed, Answered, Recognised, Rejected, Overtaken, BecameLeader, Truncated,
                 CacheLost, DiskLost, ShortRecovery, CameBack, Replaced, IsrShrank, Elected,
                 Leaderless, Fault, Served, ServedAgain, Passed, ReaderEnded>;

}  // namespace kafka::explain::row

#endif  // MODEL_KAFKA_EXPLAIN_ROW_DETAILS_H_
