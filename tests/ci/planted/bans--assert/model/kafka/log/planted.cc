void Check(int a) { assert(a > 0); }
