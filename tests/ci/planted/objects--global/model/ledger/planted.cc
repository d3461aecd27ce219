namespace ledger {
int runs_so_far = 1;
}
