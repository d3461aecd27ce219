// model/kafka/system.h
//
// A planted header.
#pragma once
