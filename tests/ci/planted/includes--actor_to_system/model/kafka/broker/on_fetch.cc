#include "model/kafka/system.h"
