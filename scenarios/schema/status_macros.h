// scenarios/schema/status_macros.h
//
// Early return for absl::Status and absl::StatusOr, which the Abseil of Debian 12 does not bring.
//
// Example:  FATE_ASSIGN_OR_RETURN(const std::string text, ReadTextFile(path));
#ifndef SCENARIOS_SCHEMA_STATUS_MACROS_H_
#define SCENARIOS_SCHEMA_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define FATE_RETURN_IF_ERROR(expression)         \
  do {                                           \
    absl::Status fate_status_ = (expression);    \
    if (!fate_status_.ok()) return fate_status_; \
  } while (false)

#define FATE_STATUS_JOIN_(a, b) a##b
#define FATE_STATUS_NAME_(line) FATE_STATUS_JOIN_(fate_status_or_, line)

#define FATE_ASSIGN_OR_RETURN(declaration, expression)                                \
  auto FATE_STATUS_NAME_(__LINE__) = (expression);                                    \
  if (!FATE_STATUS_NAME_(__LINE__).ok()) return FATE_STATUS_NAME_(__LINE__).status(); \
  declaration = *std::move(FATE_STATUS_NAME_(__LINE__))

#endif  // SCENARIOS_SCHEMA_STATUS_MACROS_H_
