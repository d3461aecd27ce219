// model/kafka/broker/state.h
//
// A planted header.
#pragma once
