int Next() {
  static int count = 0;
  return count += 1;
}
