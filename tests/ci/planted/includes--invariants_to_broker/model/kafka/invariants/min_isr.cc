#include "model/kafka/broker/state.h"
