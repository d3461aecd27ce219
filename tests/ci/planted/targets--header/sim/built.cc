int Built();
