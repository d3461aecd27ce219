#include "scenarios/loader/loader.h"
