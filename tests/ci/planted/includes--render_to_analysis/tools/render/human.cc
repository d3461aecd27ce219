#include "tools/analysis/judge.h"
