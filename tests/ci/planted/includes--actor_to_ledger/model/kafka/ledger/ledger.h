// model/kafka/ledger/ledger.h
//
// A planted header.
#pragma once

struct Planted {};
