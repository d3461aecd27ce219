// model/rocketmq/store.h
//
// A planted header.
#pragma once

struct Planted {};
