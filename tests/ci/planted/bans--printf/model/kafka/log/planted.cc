void Say() { printf("1"); }
