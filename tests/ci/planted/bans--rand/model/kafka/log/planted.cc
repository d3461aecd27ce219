int Draw() { return rand() % 10; }
