std::map<int, int> Count();
