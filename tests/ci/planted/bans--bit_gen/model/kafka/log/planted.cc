int Draw() { return absl::Uniform(gen, 0, 9); }
