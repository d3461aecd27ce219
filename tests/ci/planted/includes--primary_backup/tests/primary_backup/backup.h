// tests/primary_backup/backup.h
//
// A planted header.
#pragma once

#include "model/vocabulary/ids.h"
