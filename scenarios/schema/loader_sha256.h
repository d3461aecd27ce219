// scenarios/schema/loader_sha256.h
//
// SHA-256 (FIPS 180-4), so that two people can tell whether they ran the same scenario.
#ifndef SCENARIOS_SCHEMA_LOADER_SHA256_H_
#define SCENARIOS_SCHEMA_LOADER_SHA256_H_

#include <string>
#include <string_view>

namespace schema {

// 64 lower-case hexadecimal digits.
std::string Sha256Hex(std::string_view bytes);

}  // namespace schema

#endif  // SCENARIOS_SCHEMA_LOADER_SHA256_H_
