// sim/a.h
//
// A planted header.
#pragma once

#include "sim/b.h"
