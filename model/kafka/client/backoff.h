// model/kafka/client/backoff.h
//
// How long a client waits before it tries again (KC:P-9).
//
// Models:      min(max, base * 2^n * U(0.8, 1.2)).
// Leaves out:  a draw on every evaluation: the jitter is a function of what is retried and how
// often,
//              so that asking twice gives one answer.
#ifndef MODEL_KAFKA_CLIENT_BACKOFF_H_
#define MODEL_KAFKA_CLIENT_BACKOFF_H_

#include "model/kafka/client/settings.h"
#include "model/kafka/context.h"

namespace kafka::client {

// The wait after failure number `n`, counted from 0. `purpose` and `about` key the jitter.
Duration Backoff(const Context& ctx, const BackoffTerms& terms, uint32_t n, uint32_t purpose,
                 sim::About about);

}  // namespace kafka::client

#endif  // MODEL_KAFKA_CLIENT_BACKOFF_H_
