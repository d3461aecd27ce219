#include "model/ledger/ledger.h"
