#include "model/kafka/ledger/fate.h"

#include "sim/check.h"

namespace kafka::ledger {
namespace {

using Reported = FinalFacts::Reported;
using Stored = FinalFacts::Stored;

constexpr FateRule kOrder[] = {
    {Fate::kPending, [](const FinalFacts& f) { return !f.resolved; },
     "its client is still at work on it"},
    {Fate::kExpired, [](const FinalFacts& f) { return f.expired && f.stored == Stored::kNowhere; },
     "removed by retention or compaction"},
    {Fate::kLostAfterAck,
     [](const FinalFacts& f) {
       return f.stored == Stored::kNowhere && f.told == Reported::kStored;
     },
     "in no log, and its program was told that it is stored"},
    {Fate::kFailedReported,
     [](const FinalFacts& f) { return f.stored == Stored::kNowhere && f.told == Reported::kError; },
     "in no log, and its program knows"},
    {Fate::kLostSilent, [](const FinalFacts& f) { return f.stored == Stored::kNowhere; },
     "in no log, and its program saw no error"},
    {Fate::kGhost, [](const FinalFacts& f) { return f.told == Reported::kError; },
     "in the log, and its program was told of an error"},
    {Fate::kInvisible, [](const FinalFacts& f) { return !f.readable; },
     "stored, but nobody can read it: above the high watermark, or no leader"},
    {Fate::kDuplicate,
     [](const FinalFacts& f) { return f.stored == Stored::kTwice || f.processed_twice; },
     "in the log at two offsets, or processed more than once by a group"},
    {Fate::kReordered, [](const FinalFacts& f) { return f.after_later_key; },
     "in the log after a later message of its key, or processed after one from another partition"},
    {Fate::kSkipped, [](const FinalFacts& f) { return f.skipped; },
     "in the log, and a group went past it unprocessed"},
    {Fate::kPending, [](const FinalFacts& f) { return f.awaited; },
     "in the log, and a group has still to come to it"},
    {Fate::kLate, [](const FinalFacts& f) { return f.late; }, "beyond the deadline"},
    {Fate::kOk, [](const FinalFacts&) { return true; },
     "in the log once, and processed once by each group that is declared"},
};

}  // namespace

std::span<const FateRule> FateOrder() { return kOrder; }

Fate FateOf(const FinalFacts& facts) {
  for (const FateRule& rule : kOrder) {
    if (rule.applies(facts)) return rule.fate;
  }
  SIM_CHECK(false && "the last rule always applies");
}

}  // namespace kafka::ledger
