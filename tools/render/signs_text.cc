#include "tools/render/signs_text.h"

namespace render {

using answers::Sign;

std::string SignText(const Sign& sign) {
  switch (sign.kind()) {
    case Sign::LEADER_EPOCH_BUMP:
      return "leader epoch bump on " + sign.partition();
    case Sign::ISR_SHRINKS:
      return "IsrShrinksPerSec";
    case Sign::UNCLEAN_ELECTIONS:
      return "UncleanLeaderElectionsPerSec";
    case Sign::OFFLINE_PARTITIONS:
      return "OfflinePartitionsCount above 0";
    case Sign::UNDER_MIN_ISR:
      return "UnderMinIsrPartitionCount above 0";
    case Sign::TRUNCATION:
      return sign.broker() + " truncating " + sign.partition() + " to " +
             std::to_string(sign.offset()) + " (log line)";
    case Sign::UNCLEAN_RECOVERY:
      return sign.broker() + " recovering its log after an unclean shutdown (log line)";
    case Sign::PRODUCER_ERROR:
      return "a producer error";
    case Sign::NO_PRODUCER_ERROR:
      return "*no* producer error";
    default:
      return "";
  }
}

void FillSigns(answers::Explanation& explanation) {
  explanation.clear_production_signs();
  for (const Sign& sign : explanation.signs()) explanation.add_production_signs(SignText(sign));
}

}  // namespace render
