/*
 * One CPU's ring as org.pagewheel.ring builds it, for Spin 6.5. SpinTest lists the runs.
 *
 * One step of a process (one d_step, or one simple statement) touches at most one shared word; what
 * is marked "ghost" is the observer's and costs no step. Spin assumes sequential consistency; the
 * orderings that replace it in Java are argued in the design page and exercised by jcstress.
 *
 * A page has CAP cells, an event takes one. Names are those of the Java classes:
 *   cur = current word, S = slot words, T = page words, B = page times, V = loss word, L = carry,
 *   H = headers of records, hint = Writer.lastOpen.
 *
 * Flags: OVER=1 mode overwrite, else discard; N slots, SP spares, NW writers of NEV events (the
 * second and others NEV2), RA takes of the reader while they run, STALL writers that may stand
 * still for ever, anywhere, when the account is made up; PREFIX, FLUSH what the reader may do; PASS
 * once it may pass a page with a pending event, however old that is (needs SP=2); DISC
 * writer 2 takes its first event back, BACK and gives its room back where it can; SEAL somebody seals; TIME clocks and times; SOLO=n a writer
 * that runs alone, from any moment on, ends its event within n steps.
 * M_... seeded mistakes: each must be found.
 */
#ifndef OVER
#define OVER 0
#endif
#ifndef N
#define N 2
#endif
#ifndef SP
#define SP 1
#endif
#ifndef CAP
#define CAP 2
#endif
#ifndef NW
#define NW 2
#endif
#ifndef NEV
#define NEV 3
#endif
#ifndef NEV2
#define NEV2 NEV
#endif
#ifndef RA
#define RA 3
#endif
#ifndef STALL
#define STALL 1
#endif
#ifndef NOWMAX
#define NOWMAX 2
#endif
#define P (N + SP)
#define NONE P              /* the page word of no page */
#define MAXSEQ 30

/* slot word: sequence | state | page | count */
#define LIVE 0
#define PARKED 1
#define BUSY 2
#define FREE 3
#define SLOT(q, st, pg, n) ((((q) * 4 + (st)) * 8 + (pg)) * 4 + (n))
#define sN(w) ((w) & 3)
#define sPAGE(w) (((w) >> 2) & 7)
#define sSTATE(w) (((w) >> 5) & 3)
#define sSEQ(w) ((w) >> 7)
#define MOVED(w, q, st) SLOT(q, st, sPAGE(w), sN(w))

/* page word: time | used | state, or sequence | EMPTIED */
#define OPEN 0
#define CLOSED 1
#define EMPTIED 2
#define OPENED(used, tm) ((tm) * 16 + (used) * 4 + OPEN)
#define tSTATE(t) ((t) & 3)
#define tUSED(t) (((t) >> 2) & 3)
#define tTIME(t) ((t) >> 4)
#define EMPTY(q) ((q) * 4 + EMPTIED)

/* current word: sequence | page | sealed */
#define CUR(q, pg) (((q) * 8 + (pg)) * 2)
#define cSEALED(c) ((c) & 1)
#define cPAGE(c) (((c) >> 1) & 7)
#define cSEQ(c) ((c) >> 4)

/* loss word: sequence | count */
#define LOSS(q, n) ((q) * 16 + (n))
#define vN(v) ((v) & 15)
#define vSEQ(v) ((v) >> 4)

/* header of a record */
#define NOTHING 0
#define PENDING 1
#define COMMITTED 2
#define DISCARDED 3

#define UNTIMED(q) (-(q))    /* the time of a page that is emptied for a sequence */

#ifdef PASS
byte spare2 = N + 1;         /* the second spare */
byte passed = NONE, passedN; /* the page that was passed, and how many of its events were read */
#endif

short cur;
short S[N];
short T[P + 1];
short V;
byte H[P * CAP];
byte hint = NONE;
#ifdef TIME
short B[P];
byte L, now;
byte evTime[16], lastTime;
short evBase[16];
#endif

/* ghost */
byte id[P * CAP];            /* the event that owns a cell */
bit pay[P * CAP];            /* whether its payload is written */
bit away[P];                 /* whether the page is the reader's */
byte emptier[P];             /* who is zeroing it */
byte order, lastRead, read, committed, discarded, dropped, refused, moved, done, ops, lost;
int isCommitted = 1;
bit sealDone, fin;
#ifdef SOLO
byte solo, steps;
#define STEP fin == 0 && (solo == 0 || solo == _pid) -> steps = (solo -> steps + 1 : 0); assert(steps <= SOLO);
#define RSTEP fin == 0 && solo == 0 ->
#define EVENT_ENDS if :: solo -> fin = 1 :: else fi;
#else
#define STEP fin == 0 ->
#define RSTEP fin == 0 ->
#define EVENT_ENDS
#endif
#ifdef SEAL
bit sealer;
#else
#define sealer 1
#endif

#define WAS_COMMITTED(e) ((isCommitted >> (e)) & 1)

/* ghost: who empties or takes a page takes nobody's uncommitted event */
inline allFinished(q) {
  for (g : 0 .. CAP - 1) { assert(id[(q) * CAP + g] == 0 || WAS_COMMITTED(id[(q) * CAP + g])) }
  g = 0
}

/* ghost: events of a page that were committed and not taken back, less those read */
inline countLost(q, alreadyRead) {
  for (g : 0 .. CAP - 1) {
    if :: id[(q) * CAP + g] != 0 && H[(q) * CAP + g] == COMMITTED -> lost++ :: else fi
  }
  lost = lost - (alreadyRead); g = 0
}

/* ghost: the reader has event e of page q */
inline deliver(q, c) {
  assert(H[(q) * CAP + c] == COMMITTED || H[(q) * CAP + c] == DISCARDED);
  if
  :: H[(q) * CAP + c] == COMMITTED ->
     assert(pay[(q) * CAP + c] && WAS_COMMITTED(id[(q) * CAP + c]));
     assert(id[(q) * CAP + c] > lastRead);
     lastRead = id[(q) * CAP + c]; read++;
#ifdef TIME
     assert(evTime[lastRead] >= lastTime && evBase[lastRead] == B[q]);
     lastTime = evTime[lastRead];
#endif
  :: else
  fi
}

/* Mover.carry(q), from step to step; w, x, t, i are the caller's */
#ifdef TIME
inline carry(q) {
  d_step { STEP x = S[(q) % N] }
  if
  :: sSEQ(x) == (q) && sSTATE(x) == LIVE ->
     d_step { STEP t = T[sPAGE(x)] }
     if
     :: tSTATE(t) == CLOSED && tUSED(t) > 0 ->
        d_step { STEP b = B[sPAGE(x)] }
        d_step { STEP if :: S[(q) % N] == x -> b = b + tTIME(t) :: else -> b = 0 fi }
        d_step { STEP if :: L < b -> L = b :: else fi; b = 0 }
     :: else
     fi
  :: else
  fi;
  x = 0; t = 0
}
#else
inline carry(q) { skip }
#endif

/* Mover.unreadIfComplete: i = CAP + 1 if incomplete, else n = events unread */
inline unread(w, n) {
  d_step { STEP t = T[sPAGE(w)]; i = 0; n = 0 }
  if
  :: tSTATE(t) != CLOSED -> i = CAP + 1
  :: else ->
     do
     :: i < tUSED(t) ->
        d_step {
          STEP
          if
#ifndef M_NO_WALK
          :: H[sPAGE(w) * CAP + i] < COMMITTED -> i = CAP + 1
#endif
          :: else -> n = n + (H[sPAGE(w) * CAP + i] == DISCARDED -> 0 : 1); i++
          fi
        }
     :: else -> break
     od
  fi;
  skip;
  d_step {
    if :: i <= CAP -> n = (n >= sN(w) -> n - sN(w) : 0) :: else fi; t = 0
  }
}

/* Mover.empty: the page of slot word w at sequence q, with n events lost */
inline emptyPage(q, w, n) {
  d_step {
    STEP
    if
    :: S[(q) % N] == w ->
       if :: sSTATE(w) == LIVE || sSTATE(w) == PARKED -> skip :: else -> assert(false) fi;
       allFinished(sPAGE(w)); assert(!away[sPAGE(w)] && emptier[sPAGE(w)] == 0);
       countLost(sPAGE(w), sN(w));
       emptier[sPAGE(w)] = _pid;
       w = SLOT(q, BUSY, sPAGE(w), n); S[(q) % N] = w; i = 0
    :: else -> w = 0
    fi
  }
  if
  :: w != 0 ->
     do
     :: i < CAP ->
        d_step {
          STEP
          assert(emptier[sPAGE(w)] == _pid);
#ifndef M_NO_ZERO
          H[sPAGE(w) * CAP + i] = NOTHING;
#endif
          id[sPAGE(w) * CAP + i] = 0; pay[sPAGE(w) * CAP + i] = 0; i++
        }
     :: else -> break
     od;
     do
     :: true ->
#ifdef TIME
        d_step { STEP B[sPAGE(w)] = UNTIMED(sSEQ(w) + N) }
#endif
        d_step { STEP T[sPAGE(w)] = EMPTY(sSEQ(w) + N) }
        d_step {
          STEP
          if
#ifdef M_FREE_UNCHECKED
          :: true ->
             S[sSEQ(w) % N] = MOVED(w, sSEQ(w), FREE); emptier[sPAGE(w)] = 0; w = 0
#endif
          :: S[sSEQ(w) % N] == w ->
             S[sSEQ(w) % N] = MOVED(w, sSEQ(w), FREE); emptier[sPAGE(w)] = 0; w = 0
          :: else -> w = MOVED(w, sSEQ(w) + N, BUSY)
          fi
        }
        if :: w == 0 -> break :: else fi
     od
  :: else
  fi;
  w = 0; i = 0; n = 0
}

/* a reserve by compare-and-exchange of the page word t of page p; c = cell, or goes on at missed */
inline reserve() {
  assert(!sealDone && !away[p] && emptier[p] == 0);
  c = p * CAP + tUSED(t) + 1;                  /* from 1 on; 0 is none */
  assert(H[c - 1] == NOTHING && id[c - 1] == 0);
  order++; id[c - 1] = order;
#ifdef TIME
  evBase[order] = b;
  evTime[order] = (clock > b + tTIME(t) -> clock : b + tTIME(t));
  T[p] = OPENED(tUSED(t) + 1, evTime[order] - b);
#else
  T[p] = OPENED(tUSED(t) + 1, 0);
#endif
}

#ifdef TIME
inline readClock() {
  if
  :: d_step { STEP clock = now }
  :: now < NOWMAX -> d_step { STEP now = (now < NOWMAX -> now + 1 : now); clock = now }
  fi
}
#else
inline readClock() { skip }
#endif

proctype Writer(byte events) {
  byte k, p, c, i, n, g, stepped;
  short w, t, v, x;
  bit opened;
#ifdef TIME
  byte clock;
  short b;
#endif

next_event: skip; 
  d_step { stepped = 0; opened = 0; c = 0; p = 0 }
  if :: k == events -> goto finished :: else -> k++ fi;

  /* Writer.reserve */
  readClock();
  d_step { STEP p = hint }
again: skip; 
  d_step { STEP t = T[p] }
  if :: tSTATE(t) != OPEN || tUSED(t) == CAP -> goto slowly :: else fi;
#ifdef TIME
  d_step { STEP b = B[p] }
#endif
  d_step { STEP if :: T[p] == t -> reserve() :: else fi; t = 0 }
  if :: c == 0 -> readClock(); goto again :: else -> goto reserved fi;

  /* Writer.slowly: v = the current word */
slowly: skip; 
  d_step { STEP v = cur; t = 0; w = 0; p = cPAGE(v) }
  if
  :: cSEALED(v) -> goto sealed
  :: else
  fi;
  d_step { STEP t = T[p] }
  if
  :: t == EMPTY(cSEQ(v)) && p != NONE ->
     /* Mover.open */
#ifdef TIME
     d_step { STEP b = B[p] }
     if
     :: b == UNTIMED(cSEQ(v)) ->
        d_step { STEP b = (clock > L -> clock : L) }
        d_step {
          STEP
          if
#ifdef M_TIME_STORED
          :: true -> B[p] = b
#endif
          :: B[p] == UNTIMED(cSEQ(v)) -> B[p] = b
          :: else
          fi
        }
     :: else
     fi;
#endif
     d_step { STEP if :: T[p] == t -> T[p] = OPENED(0, 0); opened = 1 :: else fi; t = 0 }
     goto slowly
  :: tSTATE(t) == OPEN ->
#ifdef TIME
     d_step { STEP b = B[p] }
#endif
     if
     :: tUSED(t) < CAP ->
        d_step { STEP if :: T[p] == t -> reserve() :: else fi; t = 0 }
        if :: c == 0 -> readClock(); goto slowly :: else fi;
        d_step { STEP H[c - 1] = PENDING }
        d_step { STEP hint = p }
        if :: opened -> goto prepare :: else -> goto announced fi
     :: else ->
        d_step { STEP if :: T[p] == t -> T[p] = t + CLOSED :: else fi; t = 0 }
        goto slowly
     fi
  :: else
  fi;

  /* Mover.turn to the sequence behind v's */
  d_step { STEP w = S[(cSEQ(v) + 1) % N]; t = 0; assert(cSEQ(v) + 1 < MAXSEQ) }
  if
  :: sSEQ(w) == cSEQ(v) + 1 ->
     d_step {
       STEP
       if :: cur == v -> cur = CUR(cSEQ(v) + 1, (sSTATE(w) == LIVE -> sPAGE(w) : NONE)) :: else fi
     }
     goto slowly
  :: sSEQ(w) != cSEQ(v) + 1 - N && sSEQ(w) != cSEQ(v) + 1 -> goto slowly
  :: sSEQ(w) == cSEQ(v) + 1 - N && sSTATE(w) == FREE ->
#ifndef M_NO_CARRY
     carry(cSEQ(v));
#endif
     /* Mover.account */
     d_step { STEP x = V }
     if
     :: vSEQ(x) != cSEQ(v) + 1 ->
#ifndef M_ACCOUNT_UNCHECKED
        atomic { STEP if :: S[(cSEQ(v) + 1) % N] == w -> skip :: else -> goto stale fi }
#endif
#ifdef M_ACCOUNT_STORED
        d_step { STEP V = LOSS(cSEQ(v) + 1, vN(V) + sN(w)) }
#else
        d_step { STEP if :: V == x -> V = LOSS(cSEQ(v) + 1, vN(x) + sN(w)) :: else fi }
#endif
     :: else
     fi;
stale:
     x = 0;
#ifdef M_OPENEARLY
     d_step {
       STEP
       if :: T[sPAGE(w)] == EMPTY(cSEQ(v) + 1) -> T[sPAGE(w)] = OPENED(0, 0); opened = 1 :: else fi
     }
#endif
     atomic {
       STEP
       if
       :: S[(cSEQ(v) + 1) % N] == w -> S[(cSEQ(v) + 1) % N] = SLOT(cSEQ(v) + 1, LIVE, sPAGE(w), 0)
       :: else -> goto slowly
       fi
     }
     d_step { STEP if :: cur == v -> cur = CUR(cSEQ(v) + 1, sPAGE(w)) :: else fi }
     goto slowly
  :: sSEQ(w) == cSEQ(v) + 1 - N && sSTATE(w) == BUSY -> goto stepOver
  :: sSEQ(w) == cSEQ(v) + 1 - N && (sSTATE(w) == LIVE || sSTATE(w) == PARKED) ->
     unread(w, n);
     if
     :: i > CAP && (OVER || sSTATE(w) == PARKED) -> goto stepOver
     :: i > CAP && !(OVER || sSTATE(w) == PARKED) -> goto refuse
     :: i <= CAP && !OVER && sSTATE(w) == LIVE && n > 0 -> stepped = N + 1; goto refuse
     :: else -> emptyPage(cSEQ(v) + 1 - N, w, n); goto slowly
     fi
  fi;

stepOver:                    /* whether any page behind can be had is a hint: both are tried here */
  if
  :: stepped >= N - 1 -> goto refuse
  :: stepped < N - 1 && sSTATE(w) != BUSY -> goto refuse
  :: stepped < N - 1
  fi;
#ifndef M_STEP_NO_CARRY
  carry(cSEQ(v));
#endif
  atomic {
    STEP
    i = 0; n = 0;
    if
    :: S[(cSEQ(v) + 1) % N] == w ->
       S[(cSEQ(v) + 1) % N] = MOVED(w, cSEQ(v) + 1, (sSTATE(w) == BUSY -> BUSY : PARKED)); stepped++
    :: else -> goto slowly
    fi
  }
  d_step { STEP if :: cur == v -> cur = CUR(cSEQ(v) + 1, NONE) :: else fi }
  goto slowly;

refuse:                      /* stepped = N + 1: the ring is full; else: of events being written */
  i = 0; n = 0;
  atomic {
    STEP
    if
    :: S[(cSEQ(v) + 1) % N] == w -> skip
    :: else -> stepped = (stepped == N + 1 -> 0 : stepped); goto slowly
    fi
  }
  atomic {
    STEP
    if :: cur == v -> assert(!sealDone) :: else -> stepped = (stepped == N + 1 -> 0 : stepped); goto slowly fi
  }
  d_step {
    STEP
    if :: stepped == N + 1 -> dropped++ :: else -> refused++ fi;
    ops++; w = 0; v = 0; EVENT_ENDS
  }
  goto next_event;

prepare: skip; /* Mover.prepare: the page behind the one that was opened */
  d_step { STEP w = S[(cSEQ(v) + 1) % N] }
  if
  :: sSEQ(w) == cSEQ(v) + 1 - N && (sSTATE(w) == PARKED || (sSTATE(w) == LIVE && OVER)) ->
     unread(w, n);
     if
     :: i <= CAP -> emptyPage(cSEQ(v) + 1 - N, w, n)
     :: else
     fi
  :: else
  fi;
  d_step { w = 0; i = 0; n = 0 }
  goto announced;

reserved: skip; 
  d_step { STEP H[c - 1] = PENDING }
announced: skip; 
  d_step { c--; v = 0; x = 0; w = 0; t = 0 }
#ifdef M_COMMIT_FIRST
  d_step { STEP H[c] = COMMITTED; isCommitted = isCommitted | (1 << id[c]); committed++ }
  d_step { STEP pay[c] = 1; ops++; EVENT_ENDS }
  goto next_event;
#endif
  d_step { STEP assert(id[c] != 0 && !away[p] && emptier[p] == 0); pay[c] = 1 }
#ifdef DISC
  if
  :: _pid == 2 && k == 1 ->
#ifdef BACK                  /* GivingBack.tryIt: w is the event, so that it can be announced again */
     d_step { STEP t = T[p] }
     if
     :: tSTATE(t) == OPEN && p * CAP + tUSED(t) == c + 1 ->
        d_step { STEP w = id[c]; H[c] = NOTHING; id[c] = 0; pay[c] = 0 }
#ifdef M_BACK_UNCHECKED
        d_step { STEP T[p] = T[p] - 4; isCommitted = isCommitted | (1 << w); discarded++; ops++; w = 0; t = 0; EVENT_ENDS }
        goto next_event;
#endif
        atomic {
          STEP
          if
          :: T[p] == t ->
             T[p] = t - 4; isCommitted = isCommitted | (1 << w); discarded++; ops++; w = 0; t = 0;
             EVENT_ENDS; goto next_event
          :: else -> H[c] = PENDING; id[c] = w; w = 0; t = 0
          fi
        }
     :: else -> t = 0
     fi;
#endif
     d_step {
       STEP
       H[c] = DISCARDED; isCommitted = isCommitted | (1 << id[c]); discarded++; ops++; EVENT_ENDS
     }
     goto next_event
  :: else
  fi;
#endif
  d_step {
    STEP
    assert(H[c] == PENDING && id[c] != 0 && !away[p] && emptier[p] == 0);
    H[c] = COMMITTED; isCommitted = isCommitted | (1 << id[c]); committed++; ops++; EVENT_ENDS
  }
  goto next_event;

sealed:                      /* Mover.closeForGood, then the caller goes to the next ring */
#ifndef M_SEAL_NO_HELP
  if
  :: p != NONE ->
     do
     :: d_step { STEP t = T[p] }
        if
        :: tSTATE(t) == OPEN -> d_step { STEP if :: T[p] == t -> T[p] = t + CLOSED :: else fi }
        :: t == EMPTY(cSEQ(v)) -> d_step { STEP if :: T[p] == t -> T[p] = CLOSED :: else fi }
        :: else -> break
        fi
     od
  :: else
  fi;
#endif
  skip;
  d_step {
    sealDone = 1; moved = moved + events - k + 1; ops = ops + events - k + 1;
    w = 0; t = 0; v = 0; EVENT_ENDS
  }
finished:
  done++
}

#ifdef SEAL
proctype Sealer() {
  short v, t;
  do
  :: d_step { RSTEP v = cur }
     d_step { RSTEP if :: cur == v -> cur = v + 1; v = v + 1 :: else fi }
     if :: cSEALED(v) -> break :: else fi
  od;
#ifndef M_SEAL_NO_CLOSE
  do
  :: cPAGE(v) != NONE ->
     d_step { RSTEP t = T[cPAGE(v)] }
     if
     :: tSTATE(t) == OPEN ->
        d_step { RSTEP if :: T[cPAGE(v)] == t -> T[cPAGE(v)] = t + CLOSED :: else fi }
     :: t == EMPTY(cSEQ(v)) ->
        d_step { RSTEP if :: T[cPAGE(v)] == t -> T[cPAGE(v)] = CLOSED :: else fi }
     :: else -> break
     fi
  :: else -> break
  od;
#endif
  skip;
  d_step { RSTEP sealDone = 1; sealer = 1 }
}
#endif

/* RingReader.take; in turns, and at the end the account of CpuAccount */
proctype Reader() {
  byte h = N, spare = N, tries, i, n, g, q, copy0, copy1, rest;
  short w, t, v, x;
#ifdef TIME
  short b;
#endif
again: skip; 
  d_step { RSTEP w = 0; t = 0; v = 0; x = 0; i = 0; n = 0; copy0 = 0; copy1 = 0 }
  if
  :: tries < RA -> tries++
  :: tries >= RA -> goto account
  fi;
look: skip; 
  d_step { RSTEP v = cur }
  if :: h > cSEQ(v) -> goto again :: else fi;
#ifdef FLUSH
  if
  :: true
  :: cPAGE(v) != NONE ->
     d_step { RSTEP t = T[cPAGE(v)] }
     if
     :: tSTATE(t) == OPEN && tUSED(t) > 0 ->
        d_step { RSTEP if :: T[cPAGE(v)] == t -> T[cPAGE(v)] = t + CLOSED :: else fi; t = 0 }
     :: else
     fi
  fi;
#endif
  d_step { RSTEP w = S[h % N] }
  if
  :: sSEQ(w) > h -> h = sSEQ(w) - N + 1; goto look
  :: sSEQ(w) < h -> assert(false)
  :: sSEQ(w) == h && sSTATE(w) != LIVE -> h++; goto look
  :: sSEQ(w) == h && sSTATE(w) == LIVE
  fi;
#ifdef M_TAKE_NO_WALK
  d_step { RSTEP t = T[sPAGE(w)]; i = (tSTATE(t) == CLOSED -> 0 : CAP + 1); n = tUSED(t) }
#else
  unread(w, n);
#endif
  if
  :: i > CAP -> goto prefix
#ifdef PASS
  :: i > CAP && passed == NONE -> goto pass
#endif
  :: i <= CAP && n == 0 ->
     if
     :: h == cSEQ(v) -> goto again
     :: else -> emptyPage(h, w, n); goto look
     fi
  :: else
  fi;

  /* swap */
#ifdef TIME
  d_step { RSTEP B[spare] = UNTIMED(h + N) }
#endif
  d_step { RSTEP T[spare] = EMPTY(h + N) }
  d_step { RSTEP t = T[sPAGE(w)] }
#ifdef TIME
#ifndef M_TAKE_NO_CARRY
  if
  :: h == cSEQ(v) ->
     d_step { RSTEP b = B[sPAGE(w)] + tTIME(t) }
     d_step { RSTEP if :: L < b -> L = b :: else fi; b = 0 }
  :: else
  fi;
#endif
#endif
  d_step { RSTEP
    if
#ifdef M_TAKE_UNCHECKED
    :: sSEQ(S[h % N]) == h ->
#else
    :: S[h % N] == w ->
#endif
       assert(emptier[sPAGE(w)] == 0);
       allFinished(sPAGE(w));
       S[h % N] = SLOT(h, FREE, spare, 0); away[spare] = 0; away[sPAGE(w)] = 1; spare = sPAGE(w);
       i = sN(w); n = 0;                       /* skip the events that were read */
       for (g : 0 .. CAP - 1) {
         if
         :: g < tUSED(t) && n < sN(w) && H[spare * CAP + g] == COMMITTED -> n++
         :: g < tUSED(t) && !(n < sN(w) && H[spare * CAP + g] == COMMITTED) ->
            if :: H[spare * CAP + g] == DISCARDED -> skip :: else -> deliver(spare, g) fi
         :: else
         fi
       }
       for (g : 0 .. CAP - 1) {                /* the consumer has released it, zeroed */
         H[spare * CAP + g] = NOTHING; id[spare * CAP + g] = 0; pay[spare * CAP + g] = 0
       }
       g = 0; h++
    :: else
    fi
  }
  goto again;

#ifdef PASS
pass: skip;
  d_step { RSTEP t = T[sPAGE(w)]; i = 0; n = 0 }
#ifdef M_PASS_EMPTIED
  if :: tSTATE(t) == OPEN -> goto again :: else fi;
  d_step { RSTEP t = T[sPAGE(w)] }          /* the walk looks again, and finds it open */
  if :: tSTATE(t) == EMPTIED -> goto again :: else fi;
#else
  if :: tSTATE(t) != CLOSED -> goto again :: else fi;
#endif
  do
  :: i < tUSED(t) ->
     atomic { RSTEP
       if
       :: H[sPAGE(w) * CAP + i] == NOTHING -> goto again   /* its length cannot be seen yet */
       :: H[sPAGE(w) * CAP + i] == COMMITTED ->
          n++;
          if
          :: n > sN(w) && i == 0 -> copy0 = (pay[sPAGE(w) * CAP] -> id[sPAGE(w) * CAP] : 99)
          :: n > sN(w) && i == 1 ->
             copy1 = (pay[sPAGE(w) * CAP + 1] -> id[sPAGE(w) * CAP + 1] : 99)
          :: else
          fi
       :: else
       fi;
       i++
     }
  :: else -> break
  od;
  skip;
#ifdef TIME
  d_step { RSTEP B[spare] = UNTIMED(h + N) }
#endif
  d_step { RSTEP T[spare] = EMPTY(h + N) }
#ifdef TIME
  if
  :: h == cSEQ(v) ->
     d_step { RSTEP b = B[sPAGE(w)] + tTIME(t) }
     d_step { RSTEP if :: L < b -> L = b :: else fi; b = 0 }
  :: else
  fi;
#endif
  d_step { RSTEP
    if
    :: S[h % N] == w ->
       assert(emptier[sPAGE(w)] == 0);
       S[h % N] = SLOT(h, FREE, spare, 0); away[spare] = 0;
       assert(tSTATE(T[sPAGE(w)]) == CLOSED);  /* else writers go on with a frame that is reused */
       passed = sPAGE(w); passedN = n; spare = spare2; h++;
#ifdef M_PASS_REUSE
       spare = passed; passed = NONE;
       for (g : 0 .. CAP - 1) {
         H[spare * CAP + g] = NOTHING; id[spare * CAP + g] = 0; pay[spare * CAP + g] = 0
       }
       g = 0;
#endif
       if
       :: copy0 -> assert(copy0 != 99 && WAS_COMMITTED(copy0) && copy0 > lastRead); lastRead = copy0;
                   read++
       :: else
       fi;
       if
       :: copy1 -> assert(copy1 != 99 && WAS_COMMITTED(copy1) && copy1 > lastRead); lastRead = copy1;
                   read++
       :: else
       fi
    :: else
    fi
  }
  goto again;
#endif

prefix: skip;
#ifdef PREFIX
  d_step { RSTEP t = T[sPAGE(w)]; i = 0; n = 0 }
  if :: tSTATE(t) == EMPTIED -> goto again :: else fi;
  do
  :: i < tUSED(t) ->
     d_step { RSTEP
       if
       :: H[sPAGE(w) * CAP + i] < COMMITTED -> t = 0       /* the prefix ends here */
       :: else ->
          if
          :: H[sPAGE(w) * CAP + i] == COMMITTED ->
             n++;
             if
             :: n > sN(w) && i == 0 -> copy0 = (pay[sPAGE(w) * CAP] -> id[sPAGE(w) * CAP] : 99)
             :: n > sN(w) && i == 1 ->
                copy1 = (pay[sPAGE(w) * CAP + 1] -> id[sPAGE(w) * CAP + 1] : 99)
             :: else
             fi
          :: else
          fi;
          i++
       fi
     }
  :: else -> break
  od;
  if :: n <= sN(w) -> goto again :: else fi;
  d_step { RSTEP
    if
#ifdef M_PREFIX_UNCHECKED
    :: true ->
       if :: S[h % N] == w -> S[h % N] = SLOT(h, LIVE, sPAGE(w), n) :: else fi;
#endif
    :: S[h % N] == w ->
       S[h % N] = SLOT(h, LIVE, sPAGE(w), n);
       if
       :: copy0 -> assert(copy0 != 99 && WAS_COMMITTED(copy0) && copy0 > lastRead); lastRead = copy0;
                   read++
       :: else
       fi;
       if
       :: copy1 -> assert(copy1 != 99 && WAS_COMMITTED(copy1) && copy1 > lastRead); lastRead = copy1;
                   read++
       :: else
       fi
    :: else
    fi
  }
#endif
  goto again;

account: skip; 
  /* all writers have ended but STALL, which stand anywhere: what is there comes out, once */
  d_step {
    fin == 0 && done >= NW - STALL && sealer ->
    v = cur; i = 0;
    do
    :: h > cSEQ(v) -> break
    :: else ->
       w = S[h % N];
       if
       :: sSEQ(w) > h -> h = sSEQ(w) - N + 1
       :: sSEQ(w) == h && sSTATE(w) != LIVE -> h++
       :: sSEQ(w) == h && sSTATE(w) == LIVE ->
          t = T[sPAGE(w)]; n = 0;
          if
          :: tSTATE(t) == EMPTIED -> assert(h == cSEQ(v)); break
          :: else
          fi;
          /* deliver the committed, unread ones in order; count those behind a pending one as unread */
          q = 0;
          for (g : 0 .. CAP - 1) {
            if
            :: g < tUSED(t) && H[sPAGE(w) * CAP + g] < COMMITTED -> q = 1; assert(STALL > 0)
            :: g < tUSED(t) && H[sPAGE(w) * CAP + g] == COMMITTED ->
               n++;
               if
               :: n > sN(w) && q == 0 && i == 0 -> deliver(sPAGE(w), g)
               :: n > sN(w) && !(q == 0 && i == 0) -> rest++
               :: else
               fi
            :: else
            fi
          }
          i = i | q; h++
       :: else -> assert(false)
       fi
    od;
    g = 0;
    /* Losses.total */
    n = vN(V);
    for (g : 0 .. N - 1) {
      w = S[g];
      if
      :: sSTATE(w) == BUSY || (sSTATE(w) == FREE && vSEQ(V) != sSEQ(w) + N) -> n = n + sN(w)
      :: else
      fi
    }
    assert(n == lost);
#ifdef PASS
    if
    :: passed != NONE ->                       /* PassedPages.late */
       for (q : 0 .. CAP - 1) {
         if :: H[passed * CAP + q] == COMMITTED -> n++ :: else fi
       }
#ifndef M_PASS_READ_TWICE
       n = n - passedN
#endif
    :: else
    fi;
#endif
    for (g : 0 .. N - 1) {
      w = S[g];
      if
      :: sSTATE(w) == PARKED ->
         for (q : 0 .. CAP - 1) {
           if :: H[sPAGE(w) * CAP + q] == COMMITTED -> n++ :: else fi
         }
         n = n - sN(w)
      :: else
      fi
    }
    assert(committed == read + n + rest);
    assert(ops == committed + dropped + refused + discarded + moved);
    fin = 1
  }
}

#ifdef SOLO
proctype Freeze() { if :: solo = 1 :: solo = 2 :: fin == 1 fi }
#endif

init {
  byte i;
  d_step {
    for (i : 0 .. N - 1) { S[i] = SLOT(i, FREE, i, 0); T[i] = EMPTY(i + N) }
    for (i : N .. P) { T[i] = CLOSED }
    for (i : N .. P - 1) { away[i] = 1 }
#ifdef TIME
    for (i : 0 .. N - 1) { B[i] = UNTIMED(i + N) }
#endif
    cur = CUR(N - 1, NONE); V = LOSS(N - 1, 0); i = 0
  }
  atomic {
    run Writer(NEV);
    run Writer(NEV2);
#if NW > 2
    run Writer(NEV2);
#endif
    run Reader();
#ifdef SEAL
    run Sealer();
#endif
#ifdef SOLO
    run Freeze();
#endif
  }
}
