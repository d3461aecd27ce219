// FIXME(12) shrink
int Planted();
