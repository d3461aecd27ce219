void Order(std::vector<int>& a) { std::sort(a.begin(), a.end()); }
