// Everything below is appended.
int Planted();
