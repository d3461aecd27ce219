int Draw() { return std::uniform_int_distribution<int>(0, 9)(generator); }
