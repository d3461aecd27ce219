// sim/effects.h
//
// What a handler wants: sends, timers, disk operations, notes. A buffer that the engine owns and
// reuses; tests read it as a list of values.
//
// Effects act after the handler returns, in the order in which they were written. Two give an id at
// once: Connect, and a System's own Add.
// Invariants:  nothing is allocated once the buffers have grown to their size; nothing is zeroed.
#ifndef SIM_EFFECTS_H_
#define SIM_EFFECTS_H_

#include <cstdint>
#include <cstring>
#include <new>
#include <span>
#include <type_traits>
#include <vector>

#include "sim/check.h"
#include "sim/choice.h"
#include "sim/event.h"
#include "sim/notes/note.h"
#include "sim/slab.h"
#include "sim/time.h"

namespace sim {

enum class EffectKind : uint8_t {
  kSend,
  kConnect,
  kClose,
  kDone,
  kListen,
  kStopListening,
  kSetTimer,
  kCancelTimer,
  kCancelRole,
  kWrite,
  kTruncate,
  kRemove,
  kFlush,
  kReplace,
  kWriteWords,
  kExit,
};

// One effect as a plain value; which fields count depends on the kind, and the others hold whatever
// an earlier effect left there: zeroing them cost more than writing them.
struct Effect {
  EffectKind kind{};
  EventKind body_kind{};
  uint16_t size = 0;  // of the body
  ConnectionId connection;
  MachineId peer;
  FileId file;
  TimerTag tag;
  uint32_t body = 0;  // kSend, kReplace, kWriteWords: index of the first word in the buffer
  uint32_t token =
      0;  // kFlush, kReplace, kWriteWords: comes back in Flushed. kSend: bytes on the wire
  About about;
  uint64_t from = 0;  // kWrite, kTruncate: file offset. kSetTimer: least delay. kFlush, kReplace:
                      // fsyncs beside it
  uint64_t size_bytes = 0;  // kWrite. kSetTimer: greatest delay
  uint64_t source = 0;      // kWrite: opaque payload stream
  uint64_t source_from = 0;
};

struct TimerSpec {
  TimerTag tag;
  Duration min;
  Duration max{-1};  // negative: as min. Else the delay is drawn from [min, max]
  About about{};     // what the delay is about, when it is drawn
};

struct WriteSpec {
  FileId file;
  uint64_t from = 0;  // offset in the file
  uint64_t bytes = 0;
  uint64_t source = 0;       // the file's bytes [from, from + bytes) are bytes
  uint64_t source_from = 0;  // [source_from, source_from + bytes) of the opaque stream `source`
};

// Where the ids of new connections come from: the engine's table, at once and in order.
class ConnectionIds {
 public:
  virtual ConnectionId Reserve() = 0;

 protected:
  ~ConnectionIds() = default;
};

class Effects {
 public:
  void Attach(ConnectionIds* ids) { ids_ = ids; }

  // Sends `body`, then `items`, in order behind everything sent on this connection before. `about`
  // keys the latency of this message. `wire_bytes` is its size on the link (the body's own size if
  // 0).
  template <typename Bodies, typename B>
  void SendBody(ConnectionId connection, About about, uint32_t wire_bytes, const B& body,
                std::span<const typename ItemOf<B>::type> items = {}) {
    using Item = typename ItemOf<B>::type;
    const size_t bytes = std::is_same_v<Item, NoItem> ? 0 : items.size_bytes();
    std::byte* const place = AddSend<Bodies, B>(connection, about, wire_bytes, bytes);
    ::new (place) B(body);
    if (bytes != 0) std::memcpy(place + sizeof(B), items.data(), bytes);
  }
  // Where a message lies that is still to be made: `::new (room.body) B{...}`, and so for each of
  // its items, before anything else is asked for. (A copy of what has just been written in small
  // pieces waits for the cache: 5 ns.)
  template <typename B>
  struct Room {
    B* body;
    typename B::Item* items;
  };
  template <typename Bodies, typename B>
  Room<B> SendRoomFor(ConnectionId connection, About about, uint32_t wire_bytes, size_t count) {
    using Item = typename B::Item;
    static_assert(std::has_unique_object_representations_v<Item> && sizeof(B) % alignof(Item) == 0);
    std::byte* const place =
        AddSend<Bodies, B>(connection, about, wire_bytes, count * sizeof(Item));
    return {reinterpret_cast<B*>(place), reinterpret_cast<Item*>(place + sizeof(B))};
  }

  // Starts a handshake. Connected or Disconnected (refused) follows, or nothing at all: then the
  // caller's own timer and Close end it.
  ConnectionId Connect(MachineId peer, About about = {}) {
    Effect& effect = Add(EffectKind::kConnect);
    effect.connection = ids_->Reserve();
    effect.peer = peer;
    effect.about = about;
    return effect.connection;
  }
  // Closes this end: what was sent still travels, the close behind it. The own side hears nothing
  // more.
  void Close(ConnectionId connection) { Add(EffectKind::kClose).connection = connection; }
  // At a listener: the request being processed needs no response; the next one may be read
  // (KB:X-1).
  void Done(ConnectionId connection) { Add(EffectKind::kDone).connection = connection; }

  // The process's port. Open from its start, unless its first event closes it; while it is closed
  // the kernel refuses who connects. Connections that are established stay.
  void Listen() { Add(EffectKind::kListen); }
  void StopListening() { Add(EffectKind::kStopListening); }

  void SetTimer(const TimerSpec& spec) {
    Effect& effect = Add(EffectKind::kSetTimer);
    effect.tag = spec.tag;
    effect.from = static_cast<uint64_t>(spec.min.ns);
    effect.size_bytes = static_cast<uint64_t>(spec.max.ns < 0 ? spec.min.ns : spec.max.ns);
    effect.about = spec.about;
  }
  void CancelTimer(TimerTag tag) { Add(EffectKind::kCancelTimer).tag = tag; }
  void CancelTimers(uint8_t role) { Add(EffectKind::kCancelRole).tag.role = role; }

  // Into the page cache; at once.
  void Write(const WriteSpec& spec) {
    Effect& effect = Add(EffectKind::kWrite);
    effect.file = spec.file;
    effect.from = spec.from;
    effect.size_bytes = spec.bytes;
    effect.source = spec.source;
    effect.source_from = spec.source_from;
  }
  void Truncate(FileId file, uint64_t length) {
    Effect& effect = Add(EffectKind::kTruncate);
    effect.file = file;
    effect.from = length;
  }
  void Remove(FileId file) { Add(EffectKind::kRemove).file = file; }
  // fsync. Flushed{file, token} comes when what was written before is on the medium, and as many
  // `clean_files` more, which have nothing to write, have been fsynced behind it.
  void Flush(FileId file, uint32_t token, About about = {}, uint32_t clean_files = 0) {
    Effect& effect = Add(EffectKind::kFlush);
    effect.from = clean_files;
    effect.file = file;
    effect.token = token;
    effect.about = about;
  }
  // Replaces the content of a small file: temporary file, fsync, rename, fsync of the directory.
  // After a crash the content is the old or the new one. Flushed{file, token} comes at the end.
  void Replace(FileId file, std::span<const uint64_t> words, uint32_t token, About about = {},
               uint32_t clean_files = 0) {
    Effect& effect = AddWords(EffectKind::kReplace, file, words);
    effect.from = clean_files;
    effect.token = token;
    effect.about = about;
  }
  // Writes a small file and fsyncs it, but not its directory (KB:S-41). Flushed{file, token}
  // follows.
  void WriteWords(FileId file, std::span<const uint64_t> words, uint32_t token, About about = {}) {
    Effect& effect = AddWords(EffectKind::kWriteWords, file, words);
    effect.token = token;
    effect.about = about;
  }
  // The process ends itself, in an orderly way.
  void Exit() { Add(EffectKind::kExit); }

  // Who handles the event, and so speaks.
  void SpeakAs(MachineId speaker) { speaker_ = speaker; }
  template <NoteKind N>
  void Say(const N& what) {
    Put(Note::Of(speaker_, what));
  }
  // The engine's, of a machine, or of none.
  template <NoteKind N>
  void SayOf(MachineId machine, const N& what) {
    Put(Note::Of(machine, what));
  }
  std::span<const Effect> effects() const { return {effects_.data(), effect_count_}; }
  std::span<const Note> notes() const { return {notes_.data(), note_count_}; }
  std::span<const uint64_t> WordsOf(const Effect& effect) const {
    return {&words_[effect.body], (effect.size + 7u) / 8u};
  }
  void Clear() {
    effect_count_ = 0;
    note_count_ = 0;
    word_count_ = 0;
  }

 private:
  void Put(const Note& note) {
    if (note_count_ == note_room_) [[unlikely]]
      MakeNoteRoom();
    notes_[note_count_++] = note;
  }
  Effect& Add(EffectKind kind) {
    if (effect_count_ == effect_room_) [[unlikely]]
      MakeRoom();
    Effect& effect = effects_[effect_count_++];
    effect.kind = kind;
    return effect;
  }
  // A body with so many bytes of items. Returns where they are to be written.
  template <typename Bodies, typename B>
  std::byte* AddSend(ConnectionId connection, const About& about, uint32_t wire_bytes,
                     size_t item_bytes) {
    static_assert(std::is_trivially_copyable_v<B> && std::has_unique_object_representations_v<B>);
    const size_t bytes = sizeof(B) + item_bytes;
    SIM_CHECK(bytes <= UINT16_MAX);
    const uint32_t at = Words((bytes + 7) / 8);
    if (bytes % 8 != 0) std::memset(&words_[at + bytes / 8], 0, 8);  // the tail of the last word
    Effect& effect = Add(EffectKind::kSend);
    effect.body_kind = Bodies::template KindOf<B>();
    effect.size = static_cast<uint16_t>(bytes);
    effect.connection = connection;
    effect.body = at;
    effect.token = wire_bytes == 0 ? static_cast<uint32_t>(bytes) : wire_bytes;
    effect.about.uid = about.uid;  // one by one: both have only just been written
    effect.about.attempt = about.attempt;
    return reinterpret_cast<std::byte*>(&words_[at]);
  }
  Effect& AddWords(EffectKind kind, FileId file, std::span<const uint64_t> words) {
    const uint32_t at = Words(words.size());
    if (!words.empty()) std::memcpy(&words_[at], words.data(), words.size_bytes());
    Effect& effect = Add(kind);
    effect.file = file;
    SIM_CHECK(words.size_bytes() <= UINT16_MAX);
    effect.size = static_cast<uint16_t>(words.size_bytes());
    effect.body = at;
    return effect;
  }
  uint32_t Words(size_t count) {
    const uint32_t at = word_count_;
    word_count_ += static_cast<uint32_t>(count);
    if (word_count_ > word_room_) [[unlikely]]
      MakeWordRoom();
    return at;
  }
  [[gnu::noinline]] void MakeRoom() {
    effects_.resize(2 * effect_count_ + 8);
    effect_room_ = static_cast<uint32_t>(effects_.size());
  }
  [[gnu::noinline]] void MakeNoteRoom() {
    notes_.resize(2 * note_count_ + 8);
    note_room_ = static_cast<uint32_t>(notes_.size());
  }
  [[gnu::noinline]] void MakeWordRoom() {
    word_room_ = 2 * word_count_;
    words_.resize(word_room_ + kReadable);
  }

  // Whoever copies a small body copies all that its place has room for (EventSlab::Add).
  static constexpr uint32_t kReadable = EventSlab::kReadable;

  std::vector<Effect> effects_;  // the first effect_count_ count; others are of earlier events
  uint32_t effect_count_ = 0;
  uint32_t effect_room_ = 0;  // effects_.size(), which takes a division
  std::vector<Note> notes_;   // as effects_
  uint32_t note_count_ = 0;
  uint32_t note_room_ = 0;
  std::vector<uint64_t> words_;
  uint32_t word_count_ = 0;
  uint32_t word_room_ = 0;
  ConnectionIds* ids_ = nullptr;
  MachineId speaker_;
};

}  // namespace sim

#endif  // SIM_EFFECTS_H_
