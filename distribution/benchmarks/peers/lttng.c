/*
 * What a tracepoint of three longs costs in LTTng-UST.
 *
 * argv[1]: the name to report. argv[2]: threads.
 */
#include <pthread.h>

#include "clock.h"

#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "lttng-tp.h"

#define EVENTS 1000000
#define MOST_THREADS 64

static void *trace(void *unused) {
  for (long i = 0; i < EVENTS; i++) {
    lttng_ust_tracepoint(pagewheel, three, i, i + 1, i + 2);
  }
  return unused;
}

int main(int argc, char **argv) {
  int threads = argc == 3 ? atoi(argv[2]) : 0;
  if (threads < 1 || threads > MOST_THREADS) {
    fprintf(stderr, "usage: lttng NAME THREADS\n");
    return 2;
  }
  double rounds[ROUNDS];
  trace(NULL); /* the first events bring the pages of the ring in */
  for (int r = 0; r < ROUNDS; r++) {
    pthread_t thread[MOST_THREADS];
    double begin = now_ns();
    for (int t = 0; t < threads; t++) {
      if (pthread_create(&thread[t], NULL, trace, NULL) != 0) {
        perror("pthread_create");
        return 1;
      }
    }
    for (int t = 0; t < threads; t++) {
      pthread_join(thread[t], NULL);
    }
    /* As in the other tables: the time of one event on one thread. */
    rounds[r] = (now_ns() - begin) / EVENTS;
  }
  report(argv[1], rounds);
  if (threads == 1) {
    report_floor();
  }
  return 0;
}
