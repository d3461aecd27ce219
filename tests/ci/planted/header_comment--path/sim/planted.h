// sim/other.h
//
// A planted header.
#pragma once

struct Planted {};
