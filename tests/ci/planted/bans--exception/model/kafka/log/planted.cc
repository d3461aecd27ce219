void Refuse() { throw 1; }
