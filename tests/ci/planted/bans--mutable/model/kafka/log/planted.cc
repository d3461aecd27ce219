struct Log {
  mutable int reads;
};
