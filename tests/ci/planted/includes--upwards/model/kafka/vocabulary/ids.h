// model/kafka/vocabulary/ids.h
//
// A planted header.
#pragma once

struct Planted {};
