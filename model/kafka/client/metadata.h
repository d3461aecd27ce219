// model/kafka/client/metadata.h
//
// When a client asks for metadata, of whom, and how refreshes are spaced (KC:P-32, P-54, P-56).
//
// Models:      an update on request and after metadata.max.age.ms; refreshes that fail, or tell
//              nothing new, back off; the brokers of the last answer are those that are asked.
// Leaves out:  partial updates; metadata.max.idle.ms.
#ifndef MODEL_KAFKA_CLIENT_METADATA_H_
#define MODEL_KAFKA_CLIENT_METADATA_H_

#include "model/kafka/client/settings.h"
#include "model/kafka/client/state.h"

namespace kafka::client {

// Whether the owner knows its topic. A missing one makes an update due (KC:P-11).
enum class Topic : uint8_t { kIsKnown, kIsMissing };

inline bool NeedsUpdate(const Metadata& metadata, Duration max_age, Topic topic,
                        sim::MonoTime now) {
  if (metadata.wanted || topic == Topic::kIsMissing) return true;
  return now - metadata.last_success >= max_age;
}
// It is time to ask, and nobody has been asked.
inline bool IsUpdateDue(const Metadata& metadata, Duration max_age, Topic topic,
                        sim::MonoTime now) {
  if (metadata.in_flight || now < metadata.next_allowed) return false;
  return NeedsUpdate(metadata, max_age, topic, now);
}

// kNobodyLeft: an update is due, every broker has just refused a connection, and the client has
// forgotten whom it knew, to begin with bootstrap.servers again; its owner forgets the topic
// (KC:P-37).
enum class Update : uint8_t { kNotSent, kSent, kNobodyLeft };
// Asks the least loaded broker for metadata, if it is time.
Update MaybeRequestUpdate(const Context& ctx, const Settings& settings, Client& client, Topic topic,
                          Effects& out);
void UpdateFailed(const Context& ctx, const Settings& settings, Client& client);
// `alive`: the brokers of the answer, which are asked from now on; one without any is as good as
// none (KC:P-56). `changed`: some partition has another leader, or a newer epoch, than before.
struct Answer {
  BrokerSet alive;
  bool changed = false;
};
void UpdateArrived(const Context& ctx, const Settings& settings, Client& client,
                   const Answer& answer);

}  // namespace kafka::client

#endif  // MODEL_KAFKA_CLIENT_METADATA_H_
