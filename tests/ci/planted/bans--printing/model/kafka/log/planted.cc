void Say() { std::cout << 1; }
