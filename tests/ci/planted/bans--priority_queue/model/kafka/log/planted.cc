std::priority_queue<int> Pending();
