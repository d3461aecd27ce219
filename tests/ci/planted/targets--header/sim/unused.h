// sim/unused.h
//
// A planted header.
#pragma once

struct Planted {};
