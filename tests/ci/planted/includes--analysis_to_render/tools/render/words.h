// tools/render/words.h
//
// A planted header.
#pragma once
