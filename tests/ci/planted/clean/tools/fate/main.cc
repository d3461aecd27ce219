#include <CLI/CLI.hpp>
#include <chrono>

#include "model/kafka/log/log.h"

double Seconds();
