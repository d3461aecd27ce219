int Planted();  // the follower has appended it: KB:R-17
