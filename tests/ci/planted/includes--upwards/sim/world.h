// sim/world.h
//
// A planted header.
#pragma once

#include "model/vocabulary/ids.h"
