std::unordered_map<int, int> Count();
