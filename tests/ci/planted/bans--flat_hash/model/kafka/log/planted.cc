absl::flat_hash_map<int, int> Count();
