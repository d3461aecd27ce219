unsigned long Of(int a) { return std::hash<int>{}(a); }
