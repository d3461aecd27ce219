int Before();

// KB:R-17,
// and KB:R-17.
int Planted();
