// sim/queue.h
//
// A planted header.
#pragma once

struct Planted {};
