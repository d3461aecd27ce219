#include "tools/fate/run.h"
