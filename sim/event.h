// sim/event.h
//
// What happens in a World: a 64-byte plain record per pending event, and the engine's own message
// bodies, which machines receive like any other.
//
// Invariants:  bodies have unique object representations (their bytes may be hashed and compared).
#ifndef SIM_EVENT_H_
#define SIM_EVENT_H_

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "sim/hash.h"
#include "sim/ids.h"
#include "sim/time.h"

namespace sim {

// A TCP connection. The serial number counts connections over the run and is what gets hashed; the
// slot only finds the record quickly, and is reused when both ends are closed.
struct ConnectionId {
  static constexpr uint32_t kSlotBits = 10;
  uint32_t value = 0xffffffff;

  constexpr bool exists() const { return value != 0xffffffff; }
  constexpr uint32_t slot() const { return value & ((1u << kSlotBits) - 1); }
  constexpr uint32_t serial() const { return value >> kSlotBits; }
  friend constexpr auto operator<=>(const ConnectionId&, const ConnectionId&) = default;
  friend constexpr void HashInto(StableHash& hash, const ConnectionId& id) {
    const auto& [value] = id;
    hash(value != 0xffffffff ? value >> kSlotBits : ~0u);  // slots are in no hash
  }
};

// Names one logical timer of a machine. `kind` says what it is for, `role` with whom it is
// cancelled (Effects::CancelTimers), `index` tells apart several of a kind (a peer, a partition).
struct TimerTag {
  uint8_t kind = 0;
  uint8_t role = 0;
  uint16_t index = 0;

  constexpr uint32_t packed() const { return uint32_t{kind} << 24 | uint32_t{role} << 16 | index; }
  friend constexpr auto operator<=>(const TimerTag&, const TimerTag&) = default;
};

// ---- Bodies that the engine itself delivers. ----

// The process has just been started. `clean` is nothing the engine knows: machines find out from
// their disk.
struct Started {
  uint32_t incarnation = 0;  // counts the starts of this process, from 1
};
// Somebody asks the process to stop in an orderly way (SIGTERM). It ends with Effects::Exit().
struct StopRequested {
  uint32_t reserved = 0;
};
struct TimerFired {
  TimerTag tag;
};
// To the opener: the handshake is done.
struct Connected {
  MachineId peer;
  uint16_t reserved = 0;
};
// To the listener: a peer has connected.
struct Accepted {
  MachineId peer;
  uint16_t reserved = 0;
};
enum class Disconnect : uint16_t {
  kClosed = 0,   // the peer closed, or its process ended
  kReset = 1,    // the peer's kernel does not know the connection (any more)
  kRefused = 2,  // nobody listens
};
struct Disconnected {
  MachineId peer;
  Disconnect reason = Disconnect::kClosed;
};
// A flush that the machine asked for has reached the medium.
struct Flushed {
  FileId file;
  uint16_t reserved = 0;
  uint32_t token = 0;  // as given to Effects::Flush
};
// Somebody in charge asks for something while the process runs: a fault of kind kOrder.
struct Ordered {
  uint32_t order = 0;  // PlannedFault::order
};

enum class EventKind : uint8_t {
  // Handled by the engine.
  kStorageWake = 0,  // write-back and journal commits of a host
  kFaultDue = 1,     // a planned fault's time, or its fallback
  kFaultEnds = 2,    // something that a fault did is over: a heal, a resume, a restart
  kFlushDone = 3,    // becomes kFlushed if the process that asked is still there
  // Delivered to machines.
  kStarted = 8,
  kStopRequested = 9,
  kTimer = 10,
  kConnected = 11,
  kAccepted = 12,
  kDisconnected = 13,
  kFlushed = 14,
  kOrdered = 15,
  kFirstBody = 16,  // System::Bodies, in their order
};

struct Event {
  static constexpr uint32_t kInlineBytes = 40;
  // Flags in `next` while the event is in the queue.
  static constexpr uint32_t kHasTurn = 1u << 31;  // the kernel has dealt with it: its turn (KB:X-1)
  static constexpr uint32_t kResumed = 1u << 30;  // missed during a pause, delivered after it

  EventKind kind{};
  uint8_t end = 0;           // of the connection: 0 at the opener, 1 at the listener
  uint16_t size = 0;         // of the body
  MachineId machine;         // the receiver
  uint16_t incarnation = 0;  // of the receiver's process when it matters (flushes), else 0
  ConnectionId connection;
  EventId cause;      // the event whose handler caused this one
  uint32_t next = 0;  // chains parked events; flags while it is in the queue
  uint32_t pool = 0;  // where a body above kInlineBytes lies
  alignas(8) std::array<std::byte, kInlineBytes> body{};
};
static_assert(sizeof(Event) == 64 && std::is_trivially_copyable_v<Event>);

// A message as its handler sees it. `items` follow the head on the wire; bodies without a nested
// `Item` type have none. Both are valid until the handler returns.
struct NoItem {};
template <typename B>
struct ItemOf {
  using type = NoItem;
};
template <typename B>
requires requires { typename B::Item; }
struct ItemOf<B> {
  using type = typename B::Item;
};

template <typename B>
struct Received {
  ConnectionId connection;
  const B& body;
  std::span<const typename ItemOf<B>::type> items;
};

}  // namespace sim

#endif  // SIM_EVENT_H_
