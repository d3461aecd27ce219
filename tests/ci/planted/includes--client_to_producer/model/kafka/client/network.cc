#include "model/kafka/producer/state.h"
