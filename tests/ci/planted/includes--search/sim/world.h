// sim/world.h
//
// A planted header.
#pragma once

#include "sim/search/seeds.h"
