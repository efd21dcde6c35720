/*
 * How a complete page comes to its wake-up, and the memory of a closed ring to be freed, for Spin 6.5;
 * ring.pml leaves both out. Names are those of the Java classes: hint = Writer.lastOpen; users,
 * lookAgain, begun are those of Freeing.
 * One step touches one shared word, or is one block of Freeing's monitor; a walk over a page is one
 * step, since records only ever change from pending to committed. Spin assumes sequential
 * consistency. SpinTest lists the runs.
 *
 * NW writers of NEV events each (the second and others NEV2), on pages of CAP events, each used
 * once; somebody seals and closes; TAKEN: somebody releases a page that was taken; READ: somebody
 * reads. Whoever is the last, each page with events has had a wake-up, and the memory is freed once,
 * and only when nobody needs it.
 *
 * M_KEEP_HINT   who closes a page leaves the hint as it is, for whoever moves on to the next page:
 *               a commit meanwhile looks at nothing, and whoever closes may meet a seal instead
 * M_LATE_LEAVE  a late leave overwrites the hint, and does not look at the page that it names: the
 *               last commit on that page looks at nothing
 * M_NO_NOTE     who finds others at work goes without a note: whoever was at work has looked before
 * M_NO_USERS    who frees does not ask whether others are at work
 */
#ifndef NW
#define NW 2
#endif
#ifndef NEV
#define NEV 1
#endif
#ifndef NEV2
#define NEV2 1
#endif
#ifndef CAP
#define CAP 2
#endif
#define PAGES (NEV + NEV2 * (NW - 1) + 1)
#define NONE PAGES           /* the page word of no page: always closed, and empty */

/* page word */
#define EMPTIED 0
#define OPEN 1
#define CLOSED 2

byte T[PAGES + 1], used[PAGES + 1], committed[PAGES + 1];
bit memo[PAGES + 1];
bit woken[PAGES + 1];        /* ghost: the wake-up of the page was run */
byte cur, hint = NONE;       /* the current word with its flag; the hint */
bit sealed, closed;
#ifdef TAKEN
bit held = 1;                /* the page that was taken */
#else
bit held;
#endif
byte users;
bit lookAgain, begun;

/* ghost */
bit freed;
byte working;                /* who is at the memory */

inline allDone() {
  ok = !held && sealed;
  for (g : 0 .. PAGES - 1) { if :: T[g] == OPEN || committed[g] < used[g] -> ok = 0 :: else fi }
  g = 0
}

/* Freeing.ifDone, if the ring is closed */
inline look() {
  if
  :: closed ->
     do
     :: true ->
        d_step { go = !begun; if :: go -> users++; working++; lookAgain = 0 :: else fi }
        if :: !go -> break :: else fi;
        d_step { allDone() }
        d_step {
          users--; working--;
#ifdef M_NO_USERS
          first = ok && !begun;
#else
          first = ok && users == 0 && !begun;
#endif
          if :: first -> begun = 1 :: else fi;
          go = !first && users == 0 && lookAgain;
#ifndef M_NO_NOTE
          lookAgain = users > 0
#endif
        }
        if
        :: first ->
           d_step { allDone(); assert(!freed && ok && working == 0); freed = 1; first = 0; ok = 0 }
        :: else
        fi;
        if :: !go -> break :: else fi
     od
  :: else
  fi;
  skip;
  d_step { go = 0; ok = 0; first = 0 }
}

/* Mover.close, by who has read the page word, and what follows: the wake-up looks, too */
inline close(q) {
  d_step { mine = T[q] == OPEN; if :: mine -> T[q] = CLOSED :: else fi }
  if
  :: mine && used[q] > 0 ->
#ifndef M_KEEP_HINT
     hint = NONE;
#endif
     d_step { wake = committed[q] == used[q]; memo[q] = wake; woken[q] = woken[q] || wake }
     if :: wake -> look() :: else fi
  :: else
  fi;
  d_step { mine = 0; wake = 0 }
}

/* Writer.finished */
inline finished(q) {
  if
  :: T[q] == CLOSED && used[q] > 0 ->
     d_step { wake = committed[q] == used[q]; woken[q] = woken[q] || wake }
     if :: wake -> look() :: else fi
  :: else
  fi;
  wake = 0
}

/* Writer.leave */
inline leave(left, next) {
  hint = next;
  if :: !memo[left] -> finished(left) :: else fi;
#ifndef M_LATE_LEAVE
  if
  :: next != NONE && T[next] != OPEN -> hint = NONE; finished(next)
  :: else
  fi
#endif
}

proctype Writer(byte events) {
  byte v, p, l, g;
  bit mine, wake, go, ok, first;
next_event: skip;
  if :: events == 0 -> goto finish :: else -> events-- fi;
  p = hint;
  d_step { mine = T[p] == OPEN && used[p] < CAP; if :: mine -> used[p]++ :: else fi }
  if :: mine -> goto commit :: else fi;
slowly: skip;
  d_step { v = cur; wake = sealed }
  if :: wake -> goto met :: else fi;
  if
  :: T[v] == EMPTIED -> d_step { if :: T[v] == EMPTIED -> T[v] = OPEN :: else fi }
  :: T[v] == OPEN && used[v] < CAP ->
     d_step { mine = T[v] == OPEN && used[v] < CAP; if :: mine -> used[v]++ :: else fi }
  :: T[v] == OPEN && used[v] == CAP -> close(v)
  :: T[v] == CLOSED -> d_step { if :: cur == v && !sealed -> cur++ :: else fi }
  fi;
  if :: !mine -> goto slowly :: else fi;
  d_step { p = v; v = 0 }
  l = hint;
  if :: l != p -> l = hint; leave(l, p) :: else fi;
commit: skip;
  d_step { mine = 0; l = 0; committed[p]++ }
  if :: hint != p -> finished(p) :: else fi;
  goto next_event;
met: skip;                   /* Mover.closeForGood, CpuRing.sealMet */
  wake = 0;
  if
  :: T[v] == OPEN -> close(v); goto met
  :: T[v] == EMPTIED -> d_step { if :: T[v] == EMPTIED -> T[v] = CLOSED :: else fi } goto met
  :: T[v] == CLOSED
  fi;
  look();
finish: skip
}

proctype Closer() {
  byte v, g;
  bit mine, wake, go, ok, first;
  d_step { sealed = 1; v = cur }
again: skip;
  if
  :: T[v] == OPEN -> close(v)
  :: T[v] == EMPTIED ->
     d_step { mine = T[v] == EMPTIED; if :: mine -> T[v] = CLOSED :: else fi }
     if :: !mine -> goto again :: else -> mine = 0 fi
  :: T[v] == CLOSED
  fi;
  leave(v, NONE);
  closed = 1;
  look()
}

proctype Releaser() {
  byte g;
  bit go, ok, first;
  held = 0;
  look()
}

/* PageRing.read: at work, it is not freed under him */
proctype Reader() {
  byte g;
  bit go, ok, first;
  d_step { users++; go = !begun; if :: go -> working++ :: else fi }
  assert(!go || !freed);
  d_step { users--; if :: go -> working-- :: else fi; go = 0 }
  look()
}

init {
  byte p;
  atomic {
    T[NONE] = CLOSED; memo[NONE] = 1;
    run Writer(NEV);
    for (p : 2 .. NW) { run Writer(NEV2) }
    run Closer();
#ifdef TAKEN
    run Releaser();
#endif
#ifdef READ
    run Reader();
#endif
    p = 0
  }
  _nr_pr == 1;
  assert(freed);
  d_step {
    for (p : 0 .. PAGES - 1) { assert(used[p] == 0 || woken[p]) }
    p = 0
  }
}
