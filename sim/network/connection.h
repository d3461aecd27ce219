// sim/network/connection.h
//
// One TCP connection and one directed link between hosts, as plain records.
//
// Survives:    bytes handed to the kernel (sent, or parked on a cut link) outlive the process that
//              wrote them; they die with its kernel.
// Models:      handshake, first in first out per direction, receive buffers, one request in process
//              at a time on a listener's end (KB:X-1), resets, half-open connections; a peer that has
//              closed takes one more answer, and the next one breaks the connection (KB:X-1).
// Leaves out:  segments, congestion, window limits, keep-alive probes; that the reset takes the way
//              back, so that more than one answer may be written over a long link.
#ifndef SIM_NETWORK_CONNECTION_H_
#define SIM_NETWORK_CONNECTION_H_

#include <array>
#include <cstdint>

#include "sim/choice.h"
#include "sim/event.h"
#include "sim/hash.h"
#include "sim/ids.h"
#include "sim/slab.h"
#include "sim/time.h"

namespace sim {

enum class EndState : uint8_t {
  kNone,        // the listener's end before the handshake reaches it
  kConnecting,  // the opener's end before the handshake is done
  kOpen,
  kBroken,  // a write met the peer's reset: nothing more is read, and the process is yet to be told
  kClosed,  // closed by its process, or told so
  kLost,    // its kernel died: it knows nothing of the connection, and nobody was told
};

struct ConnectionEnd {
  MachineId machine;
  EndState state = EndState::kNone;
  bool busy = false;      // a request from this end's receive buffer is being processed
  bool turn_due = false;  // the next one has left the buffer, and its event is pending
  bool unheard =
      false;  // something was sent to this lost end; its next kernel answers with a reset
  bool peer_closed = false;  // the peer's close has arrived, though the process may not know yet
  bool peer_reset = false;   // the peer answers with a reset: what is written next fails
  EventChain received;       // arrived, not yet read by the process
  EventChain unsent;         // sent by this end, parked on a cut link
  SimTime last_arrival{};    // of what this end sent

  friend bool operator==(const ConnectionEnd&, const ConnectionEnd&) = default;
};

struct Connection {
  ConnectionId id;
  About about;                        // of the Connect: keys the latencies of handshake and close
  std::array<ConnectionEnd, 2> ends;  // 0: opener, 1: listener
  std::array<uint16_t, 2> links{};    // that each end sends on, in the engine's table

  friend bool operator==(const Connection&, const Connection&) = default;
};

// What a parked message needs when its link heals.
struct Parked {
  About about;
  uint32_t wire_bytes = 0;

  friend bool operator==(const Parked&, const Parked&) = default;
};

// Made on first use.
struct Link {
  HostId from;
  HostId to;
  uint16_t cuts = 0;          // partitions that hold it; 0: whole
  uint8_t latency_class = 0;  // index into NetworkConfig::classes
  SimTime free_at{};          // the sender's side is busy until then
  Duration extra{};           // a latency spike: added to each message
  uint64_t name = 0;          // of the two hosts' declared names; keys its latencies

  friend bool operator==(const Link&, const Link&) = default;
};

}  // namespace sim

#endif  // SIM_NETWORK_CONNECTION_H_
