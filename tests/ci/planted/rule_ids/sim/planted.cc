// Everything below is appended (KB: ).
int Planted();
