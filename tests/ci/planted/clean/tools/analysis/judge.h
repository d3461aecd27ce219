// tools/analysis/judge.h
//
// A planted header.
#pragma once
