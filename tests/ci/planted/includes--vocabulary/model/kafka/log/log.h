// model/kafka/log/log.h
//
// A planted header.
#pragma once

struct Planted {};
