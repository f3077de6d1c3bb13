#include "pool.h"

#include "../ceremony/bytes.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t made, taken;
    pool_work *work;
    void *with;
    size_t count, next, done; /* next to be worked on, next to be taken */
    void **result;            /* ring: number modulo room */
    size_t room;
};

/* A number to work on, as soon as its result has a place; false when there is no more. */
static bool number_take(size_t *number, struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    while (pool->next < pool->count && pool->next >= pool->done + pool->room)
        pthread_cond_wait(&pool->taken, &pool->lock);
    bool more = pool->next < pool->count;
    *number = more ? pool->next++ : 0;
    pthread_mutex_unlock(&pool->lock);
    return more;
}

static void *worker(void *argument)
{
    struct pool *pool = argument;
    size_t number = 0;
    while (number_take(&number, pool)) {
        void *result = pool->work(pool->with, number);
        pthread_mutex_lock(&pool->lock);
        pool->result[number % pool->room] = result;
        pthread_cond_signal(&pool->made);
        pthread_mutex_unlock(&pool->lock);
    }
    return NULL;
}

static void *result_wait(struct pool *pool, size_t number)
{
    pthread_mutex_lock(&pool->lock);
    void **place = &pool->result[number % pool->room];
    while (*place == NULL)
        pthread_cond_wait(&pool->made, &pool->lock);
    void *result = *place;
    *place = NULL;
    pool->done++;
    pthread_cond_broadcast(&pool->taken);
    pthread_mutex_unlock(&pool->lock);
    return result;
}

static unsigned threads_wanted(size_t count, unsigned threads)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (threads == 0)
        threads = cores > 0 ? (unsigned)cores : 1;
    if (threads > POOL_THREADS_MAX)
        threads = POOL_THREADS_MAX;
    return threads > count ? (unsigned)count : threads;
}

void pool_run(size_t count, unsigned threads, pool_work *work, pool_take *take, void *with)
{
    threads = threads_wanted(count, threads);
    struct pool pool = {.work = work, .with = with, .count = count, .room = (size_t)threads * POOL_AHEAD};
    pthread_t thread[POOL_THREADS_MAX];
    unsigned started = 0;
    pool.result = memory_new(pool.room + 1, sizeof *pool.result);
    if (pthread_mutex_init(&pool.lock, NULL) != 0 || pthread_cond_init(&pool.made, NULL) != 0 ||
        pthread_cond_init(&pool.taken, NULL) != 0)
        abort();
    while (threads > 1 && started < threads && pthread_create(&thread[started], NULL, worker, &pool) == 0)
        started++;
    for (size_t i = 0; i < count; i++)
        take(with, i, started > 0 ? result_wait(&pool, i) : work(with, i));
    for (unsigned i = 0; i < started; i++)
        pthread_join(thread[i], NULL);
    pthread_cond_destroy(&pool.taken);
    pthread_cond_destroy(&pool.made);
    pthread_mutex_destroy(&pool.lock);
    free(pool.result);
}
