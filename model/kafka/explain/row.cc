#include "model/kafka/explain/row.h"

namespace kafka::explain {
namespace {

// In the order of RowKind.
constexpr const char* kNames[] = {
    "LAST_FETCH", "SUBMITTED",       "SENT",        "REFUSED",        "APPENDED",
    "COPIED",     "DURABLE",         "COMMITTED",   "ANSWERED",       "ACKNOWLEDGED",
    "RETRIED",    "SENT_AGAIN",      "RENUMBERED",  "RECOGNISED",     "REJECTED",
    "FAILED",     "APPENDED_AGAIN",  "OVERTAKEN",   "FAULT",          "ISR_SHRANK",
    "FENCED",     "ELECTED",         "LEADERLESS",  "TOOK_OFFICE",    "TRUNCATED",
    "CACHE_LOST", "SHORT_RECOVERY",  "OVERWRITTEN", "REPLACED",       "DISCONNECTED",
    "PROCESSED",  "PROCESSED_AGAIN", "PASSED",      "PRODUCER_ENDED", "READER_ENDED"};
static_assert(std::size(kNames) == static_cast<size_t>(RowKind::kReaderEnded) + 1);

}  // namespace

const char* NameOf(RowKind kind) { return kNames[static_cast<uint32_t>(kind)]; }

}  // namespace kafka::explain
