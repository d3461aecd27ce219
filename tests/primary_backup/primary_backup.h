// tests/primary_backup/primary_backup.h
//
// A replicated log on the engine: one client, one primary, some backups. The engine's second user.
//
// The primary answers once `copies` backups have flushed the entry, and keeps its own log in the
// page cache: after a power loss it takes back what the backups hold.
// Promise:     what the client was told is written is in the primary's log once all is mended.
// Leaves out:  another primary, truncation, more than one client.
#ifndef TESTS_PRIMARY_BACKUP_PRIMARY_BACKUP_H_
#define TESTS_PRIMARY_BACKUP_PRIMARY_BACKUP_H_

#include "sim/world.h"

namespace primary_backup {
using sim::Milliseconds;
using sim::Received;
using Uids = std::span<const uint64_t>;

struct Write {
  uint64_t uid = 0, subject = 0, attempt = 0;  // `subject`, `attempt` key the latency, both ways
};
struct Written {
  uint64_t uid = 0;
};
struct Copy {
  using Item = uint64_t;  // the uids from `from` on
  uint64_t from = 0, subject = 0, attempt = 0;
};
struct Copied {
  using Item = uint64_t;  // what the backup holds beyond the end that the Copy spoke of
  uint64_t end = 0;       // flushed there
};
using Bodies = sim::List<Write, Written, Copy, Copied>;

namespace notes {

using sim::NoteField;
using sim::NoteFields;

// By the client.
struct Sent {
  uint64_t uid = 0;
  static constexpr sim::NoteName kNote{32, "sent"};
  static constexpr auto kFields = NoteFields(NoteField{"uid", &Sent::uid, sim::kInA});
};
struct Appended {
  uint64_t uid = 0;
  uint64_t at = 0;
  static constexpr sim::NoteName kNote{33, "appended"};
  static constexpr auto kFields = NoteFields(NoteField{"uid", &Appended::uid, sim::kInA},
                                             NoteField{"at", &Appended::at, sim::kInB});
};
// By the primary.
struct Answered {
  uint64_t uid = 0;
  static constexpr sim::NoteName kNote{34, "answered"};
  static constexpr auto kFields = NoteFields(NoteField{"uid", &Answered::uid, sim::kInA});
};
// By the client.
struct Acknowledged {
  uint64_t uid = 0;
  static constexpr sim::NoteName kNote{35, "acknowledged"};
  static constexpr auto kFields = NoteFields(NoteField{"uid", &Acknowledged::uid, sim::kInA});
};

}  // namespace notes
using Notes = sim::NoteList<notes::Sent, notes::Appended, notes::Answered, notes::Acknowledged>;

// What latencies are keyed by. Content is right; tests show what the others do.
enum class Keying : uint8_t { kContent, kCounter, kOffset };
struct Config {
  uint32_t copies = 1;  // backups that must hold an entry before it is acknowledged
  uint64_t writes = 100;
  uint64_t skipped = 0;  // the client leaves this uid out
  sim::Duration pace = Milliseconds(10);
  bool ack_before_copy = false;  // the planted bug
  Keying keying = Keying::kContent;
};

// This end's view of a connection that it opened.
struct Link {
  sim::MachineId peer;
  sim::ConnectionId connection;
  bool is_open = false, in_flight = false;
  bool has_told = false;              // the backup has said what it holds
  uint64_t end = 0;                   // flushed there
  uint64_t connects = 0, sends = 0;   // `sends` counts for Keying::kCounter alone
  uint64_t subject = 0, attempt = 0;  // what was asked about last, and how often
  friend void HashInto(sim::StableHash& hash, const Link& link) {
    const auto& [peer, connection, is_open, in_flight, has_told, end, connects, sends, uid, n] =
        link;
    hash(peer, connection, is_open, in_flight, has_told, end, connects, sends, uid, n);
  }
};
struct Client {
  struct Process {
    Link primary;
    uint64_t next_uid = 1;
    sim::InlineVec<uint64_t, 64> waiting;
  } process;
  sim::MachineId primary;
  friend void HashInto(sim::StableHash& hash, const Client& client) {
    const auto& [primary, next_uid, waiting] = client.process;
    hash(primary, next_uid, waiting, client.primary);
  }
};
struct Replica {
  struct Process {
    std::vector<uint64_t> log;  // uids
    uint64_t chain = 0;         // their hash, chained on append: hashing must not cost the length
    sim::InlineVec<Link, 4> backups;  // of the primary; a backup has none
    sim::ConnectionId asker;          // whose Write waits for copies, whose Copy for the disk
    Write write;
    Copy copy;
    uint64_t end = 0;
  } process;
  sim::InlineVec<sim::MachineId, 4> peers;
  friend void HashInto(sim::StableHash& hash, const Replica& replica) {
    const auto& [log, chain, backups, asker, write, copy, end] = replica.process;
    hash(log.size(), chain, backups, asker, write.uid, write.subject, write.attempt, copy.from,
         copy.subject, copy.attempt, end, replica.peers);
  }
};
struct Context : sim::Context {
  const Config* config = nullptr;
};
using Effects = sim::Effects;
constexpr sim::TimerTag kPace{.kind = 1}, kRetry{.kind = 2}, kPatience{.kind = 3};
constexpr sim::FileId kFile{0};
constexpr uint64_t kEntryBytes = 64;

inline void Ask(const Context& ctx, Link& link, uint64_t uid, uint64_t offset) {
  if (ctx.config->keying == Keying::kCounter) uid = ++link.sends;
  if (ctx.config->keying == Keying::kOffset) uid = offset;
  link.attempt = link.subject == uid ? link.attempt + 1 : 0;
  link.subject = uid;
}
template <typename Keys>
sim::About AboutOf(const Keys& keys) {
  return {keys.subject, static_cast<uint32_t>(keys.attempt)};
}
inline sim::TimerTag PatienceWith(const Replica& replica, const Link& backup) {
  const auto index = static_cast<uint16_t>(&backup - replica.process.backups.begin());
  return {.kind = kPatience.kind, .role = 0, .index = index};
}
inline Link* LinkOf(Replica& replica, sim::ConnectionId connection) {
  const auto found = std::ranges::find(replica.process.backups, connection, &Link::connection);
  return found == replica.process.backups.end() ? nullptr : found;
}
inline void Reconnect(Link& link, Effects& out) {
  out.Close(link.connection);
  link.connection = out.Connect(link.peer, {0, static_cast<uint32_t>(++link.connects)});
  link.is_open = link.in_flight = link.has_told = false;
}
inline void Learn(Replica::Process& process, uint64_t uid) {
  process.log.push_back(uid);
  process.chain = sim::Mix(process.chain, uid);
}
inline void Append(Replica::Process& process, uint64_t uid, Effects& out) {
  const uint64_t at = process.log.size();
  out.Write({kFile, at * kEntryBytes, kEntryBytes, 1, uid * kEntryBytes});
  out.Say(notes::Appended{.uid = uid, .at = at});
  Learn(process, uid);
}
inline void SendCopies(const Context& ctx, Replica& primary, Effects& out) {
  const Uids log = primary.process.log;
  for (Link& link : primary.process.backups) {
    if (!link.is_open || link.in_flight || (link.has_told && link.end >= log.size())) continue;
    const uint64_t from = link.has_told ? link.end : log.size();
    const Uids items = log.subspan(from, std::min<uint64_t>(log.size() - from, 100));
    const uint64_t end = from + items.size();
    Ask(ctx, link, end == 0 ? 0 : log[end - 1], end);
    const Copy copy{from, link.subject, link.attempt};
    out.SendBody<Bodies>(link.connection, AboutOf(copy), 0, copy, items);
    out.SetTimer({.tag = PatienceWith(primary, link), .min = sim::Seconds(2)});
    link.in_flight = true;
  }
}
inline void Answer(const Context& ctx, Replica::Process& primary, Effects& out) {
  if (!primary.asker.exists()) return;
  const auto holds = [&](const Link& link) { return link.has_told && link.end >= primary.end; };
  const auto copies = std::ranges::count_if(primary.backups, holds);
  if (copies < ctx.config->copies && !ctx.config->ack_before_copy) return;
  out.SendBody<Bodies>(primary.asker, AboutOf(primary.write), 0, Written{primary.write.uid});
  out.Say(notes::Answered{.uid = primary.write.uid});
  primary.asker = {};
}
inline void SendWrite(const Context& ctx, Link& link, uint64_t uid, Effects& out) {
  if (!link.is_open) return;
  Ask(ctx, link, uid, uid);
  const Write write{uid, link.subject, link.attempt};
  out.SendBody<Bodies>(link.connection, AboutOf(write), 0, write);
  out.Say(notes::Sent{.uid = uid});
}

inline void OnClientStarted(const Context&, Client& client, const Received<sim::Started>&,
                            Effects& out) {
  client.process.primary.peer = client.primary;
  Reconnect(client.process.primary, out);
  out.SetTimer({.tag = kPace, .min = Milliseconds(1)});
  out.SetTimer({.tag = kRetry, .min = sim::Seconds(3)});
}
inline void OnClientTimer(const Context& ctx, Client& client,
                          const Received<sim::TimerFired>& fired, Effects& out) {
  auto& [link, next_uid, waiting] = client.process;
  if (fired.body.tag == kRetry) {  // an answer is overdue: try again, on a new connection
    out.SetTimer({.tag = kRetry, .min = sim::Seconds(3)});
    if (!link.is_open || !waiting.empty()) Reconnect(link, out);
    return;
  }
  if (next_uid > ctx.config->writes) return;
  out.SetTimer({.tag = kPace, .min = ctx.config->pace});
  if (waiting.size() == waiting.capacity()) return;
  const uint64_t uid = next_uid++;
  if (uid == ctx.config->skipped) return;
  waiting.push_back(uid);
  SendWrite(ctx, link, uid, out);
}
inline void OnClientConnected(const Context& ctx, Client& client, const Received<sim::Connected>&,
                              Effects& out) {
  client.process.primary.is_open = true;
  for (const uint64_t uid : client.process.waiting)
    SendWrite(ctx, client.process.primary, uid, out);
}
inline void OnClientDisconnected(const Context&, Client& client, const Received<sim::Disconnected>&,
                                 Effects& out) {
  client.process.primary.is_open = false;
  const sim::About about{0, static_cast<uint32_t>(client.process.primary.connects)};
  out.SetTimer({.tag = kRetry, .min = Milliseconds(50), .max = Milliseconds(90), .about = about});
}
inline void OnWritten(const Context&, Client& client, const Received<Written>& written,
                      Effects& out) {
  const uint64_t uid = written.body.uid;
  auto& waiting = client.process.waiting;
  out.SetTimer({.tag = kRetry, .min = sim::Seconds(3)});
  const auto at = std::ranges::find(waiting, uid);
  if (at == waiting.end()) return;
  waiting.erase_at(static_cast<uint32_t>(at - waiting.begin()));
  out.Say(notes::Acknowledged{.uid = uid});
}

// Reads the file, whole entries of it; a primary then asks its backups for more.
inline void OnStarted(const Context& ctx, Replica& replica, const Received<sim::Started>&,
                      Effects& out) {
  Replica::Process& process = replica.process;
  for (const sim::Extent& extent : ctx.disk->Read(kFile)) {
    const uint64_t count = extent.source == 1 ? (extent.to - extent.from) / kEntryBytes : 0;
    for (uint64_t i = 0; i < count; ++i) Learn(process, extent.source_from / kEntryBytes + i);
  }
  if (ctx.disk->Exists(kFile)) out.Truncate(kFile, process.log.size() * kEntryBytes);
  for (const sim::MachineId peer : replica.peers) {
    process.backups.push_back({.peer = peer, .connection = {}});
    Reconnect(process.backups.back(), out);
    out.SetTimer({.tag = PatienceWith(replica, process.backups.back()), .min = sim::Seconds(2)});
  }
}
inline void OnPatience(const Context&, Replica& replica, const Received<sim::TimerFired>& fired,
                       Effects& out) {
  Reconnect(replica.process.backups[fired.body.tag.index], out);
  out.SetTimer({.tag = fired.body.tag, .min = sim::Seconds(2)});
}
inline void OnConnected(const Context& ctx, Replica& replica,
                        const Received<sim::Connected>& connected, Effects& out) {
  LinkOf(replica, connected.connection)->is_open = true;
  SendCopies(ctx, replica, out);
}
inline void OnAccepted(const Context&, Replica&, const Received<sim::Accepted>&, Effects&) {}
inline void OnDisconnected(const Context&, Replica& replica,
                           const Received<sim::Disconnected>& gone, Effects& out) {
  if (replica.process.asker == gone.connection) replica.process.asker = {};
  Link* link = LinkOf(replica, gone.connection);
  if (link == nullptr) return;
  link->is_open = false;
  out.SetTimer({.tag = PatienceWith(replica, *link), .min = Milliseconds(70)});
}
inline void OnWrite(const Context& ctx, Replica& replica, const Received<Write>& write,
                    Effects& out) {
  Replica::Process& process = replica.process;
  const auto ready = [](const Link& link) { return link.has_told; };
  if (!std::ranges::all_of(process.backups, ready)) return out.Done(write.connection);
  const auto at = std::ranges::find(process.log, write.body.uid);
  process.asker = write.connection;
  process.write = write.body;
  process.end = static_cast<uint64_t>(at - process.log.begin()) + 1;
  if (at == process.log.end()) Append(process, write.body.uid, out);
  Answer(ctx, process, out);
  SendCopies(ctx, replica, out);
}
inline void OnCopy(const Context&, Replica& replica, const Received<Copy>& copy, Effects& out) {
  Replica::Process& process = replica.process;
  for (uint64_t i = 0; i < copy.items.size(); ++i) {
    if (copy.body.from + i == process.log.size()) Append(process, copy.items[i], out);
  }
  process.asker = copy.connection;
  process.copy = copy.body;
  process.end = copy.body.from + copy.items.size();
  out.Flush(kFile, static_cast<uint32_t>(process.end), AboutOf(copy.body));
}
inline void OnFlushed(const Context&, Replica& replica, const Received<sim::Flushed>& flushed,
                      Effects& out) {
  Replica::Process& process = replica.process;
  if (flushed.body.token != static_cast<uint32_t>(process.end)) return;  // of a Copy before this
  const Uids log = process.log;
  const Uids more = log.subspan(std::min<uint64_t>(process.end, log.size()));
  const Copied copied{log.size() - more.size()};
  out.SendBody<Bodies>(process.asker, AboutOf(process.copy), 0, copied,
                       more.first(std::min<uint64_t>(more.size(), 4000)));
  process.asker = {};
}
inline void OnCopied(const Context& ctx, Replica& replica, const Received<Copied>& copied,
                     Effects& out) {
  Link* link = LinkOf(replica, copied.connection);
  if (link == nullptr) return;
  out.CancelTimer(PatienceWith(replica, *link));
  link->in_flight = false;
  link->has_told = true;
  link->end = copied.body.end;
  for (uint64_t i = 0; i < copied.items.size(); ++i) {
    if (link->end == replica.process.log.size()) Append(replica.process, copied.items[i], out);
    ++link->end;
  }
  Answer(ctx, replica.process, out);
  SendCopies(ctx, replica, out);
}

}  // namespace primary_backup

#endif  // TESTS_PRIMARY_BACKUP_PRIMARY_BACKUP_H_
