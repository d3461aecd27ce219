unsigned long Key(const int* a) { return reinterpret_cast<uintptr_t>(a); }
