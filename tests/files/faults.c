/* Preloaded: lets the n-th call that changes something on the disk fail, or ends the process there. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int at = 0, kind = 0, count = 0; /* kind: an errno, or -1: end the process */

/* Number `n` (from 1) of the calls from now on fails; 0: none. How many calls there were since the last time. */
int faults_arm(int n, int what) {
    int before = count;
    at = n, kind = what, count = 0;
    return before;
}

static int hit(void) {
    if (++count < at || at == 0 || (count > at && kind != ENOSPC)) return 0; /* a full disk stays full */
    if (kind == -1) kill(getpid(), SIGKILL);
    errno = kind;
    return 1;
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, name)

/* Of files only: pipes and terminals are none of the writers. */
static int is_file(int fd) {
    struct stat about;
    return fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
}

ssize_t write(int fd, const void *data, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    if (at && is_file(fd) && hit()) {
        if (count == at && size > 1 && kind == ENOSPC) return real(fd, data, size / 2); /* what still had room */
        return -1;
    }
    return real(fd, data, size);
}

ssize_t writev(int fd, const struct iovec *parts, int n) {
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    if (at && is_file(fd) && hit()) return -1;
    return real(fd, parts, n);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t where) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    if (at && is_file(fd) && hit()) return -1;
    return real(fd, data, size, where);
}

#define FAILING(type, name, arguments, call, ...) \
    type name arguments { \
        REAL(type, #name, __VA_ARGS__); \
        if (at && hit()) return -1; \
        return real call; \
    }

/* A disk without room still renames, removes and changes rights; it makes no folders. */
#define FAILING_UNLESS_FULL(type, name, arguments, call, ...) \
    type name arguments { \
        REAL(type, #name, __VA_ARGS__); \
        if (at && kind != ENOSPC && hit()) return -1; \
        return real call; \
    }

FAILING(int, fsync, (int fd), (fd), int)
FAILING(int, mkdir, (const char *path, mode_t mode), (path, mode), const char *, mode_t)
FAILING(int, link, (const char *from, const char *to), (from, to), const char *, const char *)
FAILING_UNLESS_FULL(int, rename, (const char *from, const char *to), (from, to), const char *, const char *)
FAILING_UNLESS_FULL(int, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to), int,
                    const char *, int, const char *)
FAILING_UNLESS_FULL(int, renameat2, (int a, const char *from, int b, const char *to, unsigned flags),
                    (a, from, b, to, flags), int, const char *, int, const char *, unsigned)
FAILING_UNLESS_FULL(int, chmod, (const char *path, mode_t mode), (path, mode), const char *, mode_t)

/* Only calls that may make a file. */
int open64(const char *path, int flags, ...) {
    REAL(int, "open64", const char *, int, ...);
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    va_end(more);
    if (at && (flags & O_CREAT) && hit()) return -1;
    return real(path, flags, mode);
}

/* Removing fails only by a kill: what cannot be removed cannot be cleaned up either. */
#define KILLED(name, arguments, call, ...) \
    int name arguments { \
        REAL(int, #name, __VA_ARGS__); \
        if (at && kind == -1) hit(); \
        return real call; \
    }

KILLED(unlink, (const char *path), (path), const char *)
KILLED(unlinkat, (int fd, const char *path, int flags), (fd, path, flags), int, const char *, int)
KILLED(rmdir, (const char *path), (path), const char *)
