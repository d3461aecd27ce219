void Ask(int& n) { Send(Request{1}, ++n); }
