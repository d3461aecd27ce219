// TODO: shrink
int Planted();
