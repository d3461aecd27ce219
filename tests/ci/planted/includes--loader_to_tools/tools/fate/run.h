// tools/fate/run.h
//
// A planted header.
#pragma once

struct Planted {};
