#include "model/verdict/words.h"

namespace verdict {
namespace {

constexpr const char* kFates[kFateCount] = {
    "OK",        "LOST_AFTER_ACK", "LOST_SILENT", "FAILED_REPORTED", "GHOST", "DUPLICATE",
    "REORDERED", "SKIPPED",        "EXPIRED",     "INVISIBLE",       "LATE",  "PENDING"};
constexpr const char* kProperties[] = {"NO_ACKED_LOSS", "NO_SILENT_LOSS", "NO_DUPLICATE",
                                       "ORDER_PER_KEY", "FLUSHED_BEFORE_COPIED"};
constexpr const char* kStatuses[] = {"HELD", "BROKEN", "INCONCLUSIVE"};
constexpr const char* kClasses[] = {"NONE", "AS_CONFIGURED", "OUTSIDE_PROMISE", "PROMISE_BROKEN",
                                    "UNEXPLAINED"};

}  // namespace

const char* NameOf(Fate fate) { return kFates[static_cast<uint32_t>(fate)]; }
const char* NameOf(Property property) { return kProperties[static_cast<uint32_t>(property)]; }
const char* NameOf(Status status) { return kStatuses[static_cast<uint32_t>(status)]; }
const char* NameOf(LossClass loss_class) { return kClasses[static_cast<uint32_t>(loss_class)]; }

}  // namespace verdict
