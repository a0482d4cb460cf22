/* A disk that takes its time: every fsync takes HEARBACK_TEST_SYNC_MILLISECONDS more. To be preloaded. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static int late(const char *name, int file) {
    const char *delay = getenv("HEARBACK_TEST_SYNC_MILLISECONDS");
    usleep(1000 * (delay ? atoi(delay) : 0));
    int (*call)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    return call(file);
}

int fsync(int file) { return late("fsync", file); }

int fdatasync(int file) { return late("fdatasync", file); }
