const char* Home() { return getenv("HOME"); }
