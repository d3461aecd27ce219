// tools/fate/options.h
//
// A planted header.
#pragma once
