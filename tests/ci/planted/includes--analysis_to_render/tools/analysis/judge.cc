#include "tools/render/words.h"
