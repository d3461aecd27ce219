// sim/world.h
//
// A planted header.
#pragma once

#include "model/kafka/vocabulary/ids.h"
