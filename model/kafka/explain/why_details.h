// model/kafka/explain/why_details.h
//
// Answers to "why" and "why not": one struct a kind, each with the facts of that kind and no
// others.
//
// A new kind is a new struct in Detail. What makes question and answer of it visits the variant,
// and does not compile until it knows the new kind.
#ifndef MODEL_KAFKA_EXPLAIN_WHY_DETAILS_H_
#define MODEL_KAFKA_EXPLAIN_WHY_DETAILS_H_

#include <cstdint>
#include <optional>
#include <variant>

#include "model/kafka/notes.h"
#include "model/kafka/setup.h"
#include "model/kafka/vocabulary/ids.h"
#include "sim/time.h"

namespace kafka::explain::why {

// ---- Why was there no copy on `broker`? ----

// The last fetch of `broker` (at the why's moment) ended at `end`.
struct NotFetchedYet {
  BrokerId broker;
  Offset end = Offset::Unknown();  // unknown: none of its fetches got an answer
  Offset offset;                   // of the message
};
// The answer with the message was written at the why's moment, and was read too late.
struct AnswerUnread {
  BrokerId broker;
};
struct WasDown {
  BrokerId broker;
};
struct WasCutOff {
  BrokerId broker;
  uint16_t fault = 0;  // index in the plan
};
// `broker` had left the ISR, and had not caught up.
struct NotInSync {
  BrokerId broker;
};

// ---- Why has `broker` no copy any more? ----

struct LostCache {
  BrokerId broker;
  sim::SimTime dirty_since;
  sim::SimTime written_back_from;  // zero: the kernel would never have written it back
};
struct TruncatedIt {
  BrokerId broker;
  Offset end;
  BrokerId leader;
  LeaderEpoch epoch;
};
struct DiskLost {
  BrokerId broker;
};
struct RecoveredShort {
  BrokerId broker;
};

// ---- Why did `broker` lead? ----

struct FromIsr {
  BrokerId broker;
  BrokerSet isr;  // before the election
};
struct FromElr {
  BrokerId broker;
  BrokerSet elr;  // before the election
};
// Nobody eligible was left.
struct LastKnown {
  BrokerId broker;
};
// By setting, or because an operator asked.
struct Unclean {
  BrokerId broker;
  BrokerSet isr;
  bool by_hand = false;
};
// By none of these: a bug.
struct OutsideIsr {
  BrokerId broker;
  BrokerSet isr;
};
// `broker` was the leader all along.
struct StillLeads {
  BrokerId broker;
};
// Nobody eligible is up, so nobody leads.
struct NobodyLeads {
  BrokerSet eligible;
};

// ---- Why not `broker`, which had a copy? ----

struct HolderIneligible {
  BrokerId broker;
  BrokerSet electable;
};
struct HolderDown {
  BrokerId broker;
};
// `broker` was eligible and up, and another one was first.
struct HolderNotChosen {
  BrokerId broker;
  BrokerId chosen;
  BrokerSet eligible;
};
// Its own unclean registration took `broker` out in the very record that elected `chosen`.
struct HolderTakenOut {
  BrokerId broker;
  BrokerId chosen;
  BrokerSet eligible;
};

// ---- Why was the producer told yes? ----

struct ToldByLeaderAlone {
  BrokerId broker;  // who answered
};
struct ToldByWatermark {
  BrokerSet isr;
  int32_t min_isr = 0;
  Offset high_watermark;
  int64_t flush_messages = INT64_MAX;  // the topic's flush.messages
};
// acks=all, and the watermark had not passed the message.
struct ToldWithoutRule {
  BrokerId broker;
};
// acks=0.
struct ToldAtSending {};

// ---- Which rule did not fire? ----

struct PlantedBug {
  Mutant mutant{};
};

// ---- Why did it fail? ----

// The leader did not answer: it was down.
struct LeaderWasDown {
  BrokerId broker;
};
struct RefusedBelowMinIsr {
  BrokerId broker;
  BrokerSet isr;
  int32_t min_isr = 0;
};
struct FailedWith {
  // The client gave the message up for its age.
  struct TooOld {
    sim::SimTime taken;  // by send()
    sim::Duration delivery_timeout{};
  };
  Error error{};
  std::optional<TooOld> too_old;
};
// acks=all waits for `broker`, which is in the ISR and down.
struct WaitsForMember {
  BrokerId broker;
  BrokerSet isr;
};
struct NoCallback {};
struct ProducerGone {};

// ---- Why was it sent again, and not recognised? ----

// An attempt ended with `error`: the answer did not arrive.
struct AnswerLost {
  Error error{};
  bool gave_up = false;  // false: it was sent again
};
struct IdempotenceOff {};
// The producer renumbered the batch.
struct NewEpoch {};
// The leader that wrote the batch again had no trace of it.
struct UnknownToLeader {
  BrokerId broker;
};
struct ManyInFlight {
  uint32_t max_in_flight = 0;
};

// ---- Why was it not read, or twice? ----

struct WatermarkBelow {
  Offset high_watermark;
  BrokerSet isr;
  BrokerSet lacking;  // members of the ISR without a copy
  int32_t min_isr = 0;
};
struct PositionPassed {
  Offset committed;
};
struct PositionReset {
  Offset from;  // unknown: the consumer had no position
  Offset to;
};
// Its offset had not been committed when the group read on.
struct ProcessedAgain {};
// The program that was to read the message ended.
struct ReaderEnded {
  ConsumerIndex consumer;
  ConsumerEnd reason{};
};
// The program that was to read the message had not come to it.
struct ReaderBehind {};
// The outcome is not known yet.
struct StillWaiting {};

using Detail =
    std::variant<NotFetchedYet, AnswerUnread, WasDown, WasCutOff, NotInSync, LostCache, TruncatedIt,
                 DiskLost, RecoveredShort, FromIsr, FromElr, LastKnown, Unclean, OutsideIsr,
                 StillLeads, NobodyLeads, HolderIneligible, HolderDown, HolderNotChosen,
                 HolderTakenOut, ToldByLeaderAlone, ToldByWatermark, ToldWithoutRule, ToldAtSending,
                 PlantedBug, LeaderWasDown, RefusedBelowMinIsr, FailedWith, WaitsForMember,
                 NoCallback, ProducerGone, AnswerLost, IdempotenceOff, NewEpoch, UnknownToLeader,
                 ManyInFlight, WatermarkBelow, PositionPassed, PositionReset, ProcessedAgain,
                 ReaderEnded, ReaderBehind, StillWaiting>;

}  // namespace kafka::explain::why

#endif  // MODEL_KAFKA_EXPLAIN_WHY_DETAILS_H_
