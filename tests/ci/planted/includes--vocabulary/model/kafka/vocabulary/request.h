// model/kafka/vocabulary/request.h
//
// A planted header.
#pragma once

#include "model/kafka/log/log.h"
