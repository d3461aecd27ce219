#include "tools/fate/options.h"
