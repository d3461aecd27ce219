#include <gtest/gtest.h>

#include "sim/time.h"

TEST(Queue, KeepsTheOrderOfEquals) {}
