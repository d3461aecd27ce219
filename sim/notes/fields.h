// sim/notes/fields.h
//
// How the fields of a kind of note lie in four words: said once, in the kind's list of fields, from
// which encoding and decoding are made.
//
// A field is a number of any strong type: an id (one member `value`), a Duration, an enum, a bool.
// Invariants:  no two fields of a kind share a bit, and each has room for every value of its type
//              (checked when a kind is put on a list, sim/notes/note_list.h).
#ifndef SIM_NOTES_FIELDS_H_
#define SIM_NOTES_FIELDS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

namespace sim {

// Bits [shift, shift + width) of one word of a note.
struct NoteSlot {
  uint8_t word = 0;  // 0: the subject, which has 32 bits. 1, 2, 3: a, b, c
  uint8_t shift = 0;
  uint8_t width = 64;

  constexpr NoteSlot Bits(uint8_t from, uint8_t count) const { return {word, from, count}; }
  constexpr NoteSlot Bit(uint8_t at) const { return {word, at, 1}; }
  // The halves of a word.
  constexpr NoteSlot High() const {
    const auto half = static_cast<uint8_t>(width / 2);
    return {word, half, half};
  }
  constexpr NoteSlot Low() const { return {word, 0, static_cast<uint8_t>(width / 2)}; }
  constexpr uint64_t mask() const { return ~uint64_t{0} >> (64 - width); }
};
constexpr NoteSlot kInSubject{.word = 0, .width = 32};
constexpr NoteSlot kInA{.word = 1};
constexpr NoteSlot kInB{.word = 2};
constexpr NoteSlot kInC{.word = 3};

// A field of the kind `N`, its name, and where it lies.
template <typename N, typename T>
struct NoteField {
  using Type = T;
  const char* name;
  T N::*member;
  NoteSlot slot;
};
template <typename N, typename T>
NoteField(const char*, T N::*, NoteSlot) -> NoteField<N, T>;
// The list of a kind's fields, for its `kFields`.
template <typename... Fields>
constexpr auto NoteFields(Fields... fields) {
  return std::tuple{fields...};
}

using NoteWords = std::array<uint64_t, 4>;

namespace notes_internal {

template <typename T>
constexpr uint64_t RawOf(T value) {
  if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
    return static_cast<uint64_t>(value);  // a negative one keeps its sign in as many bits as it has
  } else if constexpr (requires { value.ns; }) {
    return static_cast<uint64_t>(value.ns);
  } else {
    return static_cast<uint64_t>(value.value);
  }
}
template <typename T>
constexpr T ValueOf(uint64_t raw) {
  if constexpr (std::is_same_v<T, bool>) {
    return raw != 0;
  } else if constexpr (std::is_enum_v<T>) {
    return static_cast<T>(static_cast<std::underlying_type_t<T>>(raw));
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(raw);
  } else if constexpr (requires(T value) { value.ns; }) {
    return T{static_cast<int64_t>(raw)};
  } else {
    return T{static_cast<decltype(T::value)>(raw)};
  }
}
template <typename T>
constexpr uint32_t BitsOf() {
  return std::is_same_v<T, bool> ? 1 : static_cast<uint32_t>(8 * sizeof(T));
}

template <typename N>
constexpr size_t kFieldCount = std::tuple_size_v<std::remove_cvref_t<decltype(N::kFields)>>;

// What the I-th field puts into a word.
template <typename N, size_t I, uint32_t kWord>
constexpr uint64_t PartOf(const N& note) {
  constexpr auto field = std::get<I>(N::kFields);
  if constexpr (field.slot.word != kWord) {
    return 0;
  } else {
    return (RawOf(note.*(field.member)) & field.slot.mask()) << field.slot.shift;
  }
}
template <typename N, size_t I>
constexpr void Take(const NoteWords& words, N& note) {
  constexpr auto field = std::get<I>(N::kFields);
  using Type = typename decltype(field)::Type;
  note.*(field.member) =
      ValueOf<Type>((words[field.slot.word] >> field.slot.shift) & field.slot.mask());
}
template <typename N>
constexpr bool FieldsFit() {
  NoteWords taken{};
  const auto add = [&](const auto& field) {
    using Type = typename std::remove_cvref_t<decltype(field)>::Type;
    const uint64_t bits = field.slot.mask() << field.slot.shift;
    const uint32_t room = field.slot.word == 0 ? 32 : 64;
    bool fits = BitsOf<Type>() <= field.slot.width;
    fits = fits && uint32_t{field.slot.shift} + field.slot.width <= room;
    fits = fits && (taken[field.slot.word] & bits) == 0;
    taken[field.slot.word] |= bits;
    return fits;
  };
  return std::apply([&](const auto&... fields) { return (add(fields) && ...); }, N::kFields);
}

}  // namespace notes_internal

template <typename N>
constexpr NoteWords EncodeFields(const N& note) {
  using notes_internal::PartOf;
  return [&]<size_t... I>(std::index_sequence<I...>)->NoteWords {
    return {(PartOf<N, I, 0>(note) | ... | 0), (PartOf<N, I, 1>(note) | ... | 0),
            (PartOf<N, I, 2>(note) | ... | 0), (PartOf<N, I, 3>(note) | ... | 0)};
  }
  (std::make_index_sequence<notes_internal::kFieldCount<N>>{});
}
template <typename N>
constexpr N DecodeFields(const NoteWords& words) {
  N note{};
  [&]<size_t... I>(std::index_sequence<I...>) { (notes_internal::Take<N, I>(words, note), ...); }
  (std::make_index_sequence<notes_internal::kFieldCount<N>>{});
  return note;
}

}  // namespace sim

#endif  // SIM_NOTES_FIELDS_H_
