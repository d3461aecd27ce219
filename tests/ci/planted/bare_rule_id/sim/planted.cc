// Asking for offset N says that everything below is appended.
int Planted();
