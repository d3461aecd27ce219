// model/kafka/system.h
//
// A planted header.
#pragma once

#include "model/rocketmq/store.h"
