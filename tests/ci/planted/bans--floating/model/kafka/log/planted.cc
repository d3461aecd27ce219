double Mean(int a, int b);
