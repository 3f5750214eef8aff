/* Lets the system give a process so many threads and no more: FEW_THREADS of the environment, or few_threads(). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_int living, most = -1;
struct call { void *(*run)(void *); void *argument; };

static void gone(void *unused) { (void)unused; atomic_fetch_sub(&living, 1); }
static void *counted(void *given) {
    struct call call = *(struct call *)given;
    void *result;
    free(given);
    pthread_cleanup_push(gone, NULL);
    result = call.run(call.argument);
    pthread_cleanup_pop(1);
    return result;
}
void few_threads(int number) { atomic_store(&most, number); }
int pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*run)(void *), void *argument) {
    static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    if (real == NULL) real = dlsym(RTLD_NEXT, "pthread_create");
    int limit = atomic_load(&most);
    if (limit == -1) { const char *text = getenv("FEW_THREADS"); limit = text ? atoi(text) : 100000; }
    if (atomic_load(&living) >= limit) return EAGAIN;
    struct call *call = malloc(sizeof *call);
    call->run = run; call->argument = argument;
    atomic_fetch_add(&living, 1);
    int wrong = real(thread, how, counted, call);
    if (wrong) { atomic_fetch_sub(&living, 1); free(call); }
    return wrong;
}
