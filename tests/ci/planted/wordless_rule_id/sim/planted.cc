int Planted();  // KB:R-17
