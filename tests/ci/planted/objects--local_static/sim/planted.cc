#define REMEMBERED static
int Next() {
  REMEMBERED int count = 0;
  return count += 1;
}
