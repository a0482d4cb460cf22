/* Memory straight from the system. To be preloaded before libfiu, which takes memory itself at each call that it may let
 * fail: where the allocator asks the system for more and holds a lock meanwhile, it would wait for itself for ever. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

void *mmap(void *at, size_t length, int protection, int flags, int file, off_t offset) {
    return (void *)syscall(SYS_mmap, at, length, protection, flags, file, offset);
}

void *mmap64(void *at, size_t length, int protection, int flags, int file, off64_t offset) {
    return (void *)syscall(SYS_mmap, at, length, protection, flags, file, offset);
}

int munmap(void *at, size_t length) { return (int)syscall(SYS_munmap, at, length); }

int mprotect(void *at, size_t length, int protection) { return (int)syscall(SYS_mprotect, at, length, protection); }

int madvise(void *at, size_t length, int advice) { return (int)syscall(SYS_madvise, at, length, advice); }
