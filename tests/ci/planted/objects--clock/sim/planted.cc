extern "C" long time(long*);
long Planted(long* to) { return time(to); }
