#pragma once

struct Planted {};
