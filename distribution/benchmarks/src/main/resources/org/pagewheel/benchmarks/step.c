/*
 * Starts a program and steps one of its threads through so many instructions:
 *
 *     step COUNT PROGRAM [ARGUMENT ...]
 *
 * The program says which thread, in a line "step TID" on its standard output. Then this prints
 * "at ADDRESS" for each instruction that was executed, before the first of each address "is ADDRESS
 * BYTES" with what lies there in memory, and kills the program. A step takes some ten thousand times
 * as long as an instruction: so that the program comes to what it does at its own speed, it runs
 * freely for a moment from time to time, where this prints "free".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LONGEST = 15, SEEN_BITS = 18, SEEN = 1 << SEEN_BITS, AT_A_TIME = 2000, FREE_MICROS = 2000 };

static pid_t program;

static void fail(const char *what) {
  fprintf(stderr, "step: %s: %s\n", what, strerror(errno));
  if (program > 0) kill(program, SIGKILL);
  exit(1);
}

/* Starts the program and returns its standard output. */
static FILE *start(char **words) {
  int ends[2];
  if (pipe(ends) != 0) fail("pipe");
  program = fork();
  if (program < 0) fail("fork");
  if (program == 0) {
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    execvp(words[0], words);
    fprintf(stderr, "step: %s: %s\n", words[0], strerror(errno));
    _exit(127);
  }
  close(ends[1]);
  return fdopen(ends[0], "r");
}

static pid_t thread_of(FILE *said) {
  char line[256];
  int tid;
  while (fgets(line, sizeof line, said) != NULL) {
    if (sscanf(line, "step %d", &tid) == 1) return tid;
  }
  fprintf(stderr, "step: the program ended and named no thread\n");
  exit(1);
}

/* Whether an address is met for the first time. */
static int is_new(uint64_t address) {
  static uint64_t seen[SEEN];
  for (uint64_t i = address * 0x9e3779b97f4a7c15u >> (64 - SEEN_BITS);; i = (i + 1) % SEEN) {
    if (seen[i] == address) return 0;
    if (seen[i] == 0) {
      seen[i] = address;
      return 1;
    }
  }
}

static void show(uint64_t address) {
  if (is_new(address)) {
    unsigned char bytes[LONGEST] = {0};
    struct iovec here = {bytes, LONGEST};
    struct iovec there = {(void *)address, LONGEST};
    if (process_vm_readv(program, &here, 1, &there, 1, 0) < 0) fail("cannot read the program's memory");
    printf("is %llx ", (unsigned long long)address);
    for (int i = 0; i < LONGEST; i++) printf("%02x", bytes[i]);
    putchar('\n');
  }
  printf("at %llx\n", (unsigned long long)address);
}

int main(int count, char **words) {
  if (count < 3) {
    fprintf(stderr, "usage: step COUNT PROGRAM [ARGUMENT ...]\n");
    return 2;
  }
  long steps = strtol(words[1], NULL, 10);
  if (steps <= 0 || steps > SEEN / 2) {
    fprintf(stderr, "step: COUNT is a number from 1 to %d, not %s\n", SEEN / 2, words[1]);
    return 2;
  }
  setpriority(PRIO_PROCESS, 0, -20); /* both of us; where that is not allowed, it takes longer */
  pid_t thread = thread_of(start(words + 2));
  if (ptrace(PTRACE_SEIZE, thread, 0, 0) != 0) fail("not allowed to trace the program");
  if (ptrace(PTRACE_INTERRUPT, thread, 0, 0) != 0) fail("cannot stop the thread");
  for (long done = 0; done < steps;) {
    int status;
    if (waitpid(thread, &status, __WALL) != thread) fail("lost the thread");
    if (!WIFSTOPPED(status)) {
      fprintf(stderr, "step: the program ended\n");
      return 1;
    }
    int signal = WSTOPSIG(status);
    if (signal == SIGTRAP) {
      struct user_regs_struct registers;
      if (ptrace(PTRACE_GETREGS, thread, 0, &registers) != 0) fail("cannot read registers");
      show(registers.rip);
      done++;
      signal = 0;
    }
    if (signal == 0 && done % AT_A_TIME == 0) {
      puts("free");
      if (ptrace(PTRACE_CONT, thread, 0, 0) != 0) fail("cannot go on");
      usleep(FREE_MICROS);
      if (ptrace(PTRACE_INTERRUPT, thread, 0, 0) != 0) fail("cannot stop the thread");
    } else if (ptrace(PTRACE_SINGLESTEP, thread, 0, signal) != 0) {
      fail("cannot step");
    }
  }
  kill(program, SIGKILL);
  return 0;
}
