#include <cstdio>

/// A race on purpose: threads add to one number without asking each other. Under the thread
/// sanitizer it must be reported, or the sanitizer sees nothing and its silence about everything
/// else means nothing.
int main() {
  int sum = 0;
#pragma omp parallel for
  for (int i = 0; i < 100000; ++i) sum += i % 2;
  std::printf("sum %d\n", sum);
  return 0;
}
