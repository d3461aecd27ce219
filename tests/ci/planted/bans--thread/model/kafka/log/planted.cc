std::thread Other();
