#include "model/apps/program.h"
