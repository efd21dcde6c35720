/*
 * What an event costs in the kernel's own ring buffer.
 *
 * raw_syscalls/sys_enter puts every system call on the traced path. What a call gains when
 * raw_syscalls/sys_exit is enabled on top is one event: reserve, stamp, 16 bytes, commit. The
 * three states are measured in turns, so that a machine that grows slower harms all alike.
 *
 * argv[1]: the directory of a tracing instance that is this program's alone.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clock.h"

#define CALLS 300000

static const char *instance;

static int open_file(const char *name) {
  char path[512];
  snprintf(path, sizeof path, "%s/%s", instance, name);
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) {
    perror(path);
    exit(1);
  }
  return fd;
}

static void put(const char *name, const char *value) {
  int fd = open_file(name);
  if (write(fd, value, strlen(value)) < 0) {
    fprintf(stderr, "%s: cannot write %s: ", name, value);
    perror(NULL);
    exit(1);
  }
  close(fd);
}

static double call(void) {
  double begin = now_ns();
  for (int i = 0; i < CALLS; i++) {
    syscall(SYS_getppid);
  }
  return (now_ns() - begin) / CALLS;
}

static void events(const char *clock) {
  double off[ROUNDS], enter[ROUNDS], event[ROUNDS];
  char name[64];
  put("trace_clock", clock);
  for (int r = 0; r < ROUNDS; r++) {
    off[r] = call();
    put("events/raw_syscalls/sys_enter/enable", "1");
    call(); /* the first calls bring the pages of the ring in */
    enter[r] = call();
    put("events/raw_syscalls/sys_exit/enable", "1");
    event[r] = call() - enter[r];
    put("events/raw_syscalls/sys_exit/enable", "0");
    put("events/raw_syscalls/sys_enter/enable", "0");
  }
  snprintf(name, sizeof name, "peer.kernel.%s.1t", clock);
  report(name, event);
  snprintf(name, sizeof name, "peer.kernel.%s.syscall", clock);
  report(name, off);
}

static double raw_write(int fd) {
  char mark[28] = {42};
  double begin = now_ns();
  for (int i = 0; i < CALLS; i++) {
    if (write(fd, mark, sizeof mark) < 0) {
      perror("write");
      exit(1);
    }
  }
  return (now_ns() - begin) / CALLS;
}

/* An event of the user's own through the kernel: an id and three longs. */
static void marks(void) {
  double mark[ROUNDS], nothing[ROUNDS];
  int marker = open_file("trace_marker_raw");
  int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
  for (int r = 0; r < ROUNDS; r++) {
    nothing[r] = raw_write(null);
    mark[r] = raw_write(marker);
  }
  report("peer.kernel.marker-raw.1t", mark);
  report("floor.write-null", nothing);
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: kernel INSTANCE\n");
    return 2;
  }
  instance = argv[1];
  report_floor();
  events("local");
  events("mono");
  put("trace_clock", "mono");
  marks();
  return 0;
}
