std::function<void()> Callback();
