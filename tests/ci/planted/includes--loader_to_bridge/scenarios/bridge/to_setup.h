// scenarios/bridge/to_setup.h
//
// A planted header.
#pragma once
