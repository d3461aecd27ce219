// model/programs/program.h
//
// A planted header.
#pragma once

struct Planted {};
