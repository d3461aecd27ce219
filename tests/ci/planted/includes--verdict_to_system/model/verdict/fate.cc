#include "model/kafka/setup.h"
