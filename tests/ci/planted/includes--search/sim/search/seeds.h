// sim/search/seeds.h
//
// A planted header.
#pragma once

struct Planted {};
