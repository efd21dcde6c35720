/* What both peers share: the clock, the median of some rounds, and a line of the table. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 9

static double now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* NAME, the median, half the range between the quartiles, UNIT. */
static void report(const char *name, double *rounds) {
  qsort(rounds, ROUNDS, sizeof *rounds, ascending);
  double error = (rounds[ROUNDS * 3 / 4] - rounds[ROUNDS / 4]) / 2;
  printf("%s\t%.1f\t%.1f\tns/op\n", name, rounds[ROUNDS / 2], error);
  fflush(stdout);
}

/* What System.nanoTime() asks, so that the figures can be laid beside those of the JVM. */
static void report_floor(void) {
  double rounds[ROUNDS];
  for (int r = 0; r < ROUNDS; r++) {
    const int count = 2000000;
    volatile double sum = 0;
    double begin = now_ns();
    for (int i = 0; i < count; i++) {
      sum += now_ns();
    }
    rounds[r] = (now_ns() - begin) / count;
  }
  report("floor.clock_gettime", rounds);
}
