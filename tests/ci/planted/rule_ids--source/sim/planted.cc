// Everything below is appended (KB:R-17).
int Planted();
