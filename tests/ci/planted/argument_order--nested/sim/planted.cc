void Ask(int& n) { Send(Make(n--), n); }
