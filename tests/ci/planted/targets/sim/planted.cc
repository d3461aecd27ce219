int Planted();
