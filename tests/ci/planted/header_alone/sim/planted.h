// sim/planted.h
//
// A planted header.
#pragma once

struct Planted {
  std::string name;
};
