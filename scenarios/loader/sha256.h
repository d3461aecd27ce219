// scenarios/loader/sha256.h
//
// SHA-256 (FIPS 180-4), so that two people can tell whether they ran the same scenario.
#ifndef SCENARIOS_LOADER_SHA256_H_
#define SCENARIOS_LOADER_SHA256_H_

#include <string>
#include <string_view>

namespace loader {

// 64 lower-case hexadecimal digits.
std::string Sha256Hex(std::string_view bytes);

}  // namespace loader

#endif  // SCENARIOS_LOADER_SHA256_H_
