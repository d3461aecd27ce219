// I5 holds here.
int Planted();
