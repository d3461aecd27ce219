#include "model/programs/program.h"
