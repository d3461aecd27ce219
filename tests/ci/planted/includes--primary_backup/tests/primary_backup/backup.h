// tests/primary_backup/backup.h
//
// A planted header.
#pragma once

#include "model/kafka/vocabulary/ids.h"
