/* pool.h - the same work for many numbers, on all cores, and its results taken one after the other in order.
 *
 * Work and results are the caller's. At most POOL_AHEAD results a thread wait to be taken, so memory does not
 * grow with `count`. `work` runs in several threads at once and touches nothing that it does not own or that
 * anybody writes to; `take` runs in the caller's thread alone.
 */
#ifndef VERGER_POOL_H
#define VERGER_POOL_H

#include <stddef.h>

#define POOL_THREADS_MAX 64
#define POOL_AHEAD 4

typedef void *pool_work(void *with, size_t number); /* never NULL */
typedef void pool_take(void *with, size_t number, void *result);

/* For 0 to count - 1. `threads` 0: as many as there are cores; 1: no thread is started. Where none can be
 * started the caller's does the work. */
void pool_run(size_t count, unsigned threads, pool_work *work, pool_take *take, void *with);

#endif
