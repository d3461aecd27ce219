#include "model/kafka/ledger/ledger.h"
