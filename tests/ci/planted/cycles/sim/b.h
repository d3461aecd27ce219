// sim/b.h
//
// A planted header.
#pragma once

#include "sim/a.h"
