// model/kafka/setup.h
//
// A planted header.
#pragma once
