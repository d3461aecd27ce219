#include "scenarios/bridge/to_setup.h"
