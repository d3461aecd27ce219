// model/kafka/producer/state.h
//
// A planted header.
#pragma once
