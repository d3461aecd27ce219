// scenarios/loader/loader.h
//
// A planted header.
#pragma once
