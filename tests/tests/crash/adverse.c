/* A disk and a clock that are not to be trusted, put between a program and its C library by
 * LD_PRELOAD. The program is the shipped one; below this file nothing is emulated.
 *
 * ADVERSE_ROOT     a file with the name of the folder that is watched, and without which nothing is;
 *                  files elsewhere, sockets and pipes are let through.
 * ADVERSE_JOURNAL  where every change of a watched file is written down, in the order in which it
 *                  happened, and every sync with how much of the journal it covers. A reader of the
 *                  journal can say what a disk would hold had the power gone at any moment. A sync
 *                  takes 2 ms, and asks no real disk.
 * ADVERSE_FULL     a file: while it exists, the disk is full.
 * ADVERSE_FAIL     a file: the next sync of a watched file takes it away, fails with EIO, and keeps
 *                  nothing.
 * ADVERSE_CLOCK    a file with 8 bytes: milliseconds by which the clock of the day is ahead.
 *
 * What passes by unseen: memory maps, and what the C library's own streams (fwrite) write. SQLite
 * maps only its -shm file, which it makes anew after a crash; of PostgreSQL see replay.rs.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { WRITE = 1, TRUNCATE, SYNC, CREATE, RENAME, UNLINK, SYNC_FOLDER, LINK, MAKE_FOLDER };

/* One change: this head, then `paths` bytes of names, each ended by a zero, then `bytes` of data. */
struct record {
    uint32_t kind, paths;
    uint64_t inode, at, bytes;
};

static int journal = -1;
static const char *root, *full, *fail;
static size_t root_length;
static int64_t *ahead_ms;
/* The inode behind each descriptor that is watched; 1 for a folder. */
static uint64_t watched[65536];

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static ssize_t note(uint32_t kind, uint64_t inode, uint64_t at, const char *one, const char *two,
                    const void *data, uint64_t bytes) {
    if (journal < 0) return 0;
    size_t first = one ? strlen(one) + 1 : 0, second = two ? strlen(two) + 1 : 0;
    struct record head = {kind, (uint32_t)(first + second), inode, at, bytes};
    struct iovec parts[4] = {{&head, sizeof head}, {(void *)one, first}, {(void *)two, second},
                             {(void *)data, bytes}};
    REAL(writev);
    /* One call on a descriptor that appends: records of several processes do not mix. */
    return real(journal, parts, 4);
}

/* A copy: PostgreSQL writes the names of its processes where the environment was. */
static const char *variable(const char *name) {
    const char *value = getenv(name);
    return value ? strdup(value) : NULL;
}

__attribute__((constructor)) static void begin(void) {
    const char *path;
    static char folder[PATH_MAX];
    if ((path = getenv("ADVERSE_ROOT"))) {
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd >= 0 && read(fd, folder, sizeof folder - 1) > 0) root = folder;
        if (fd >= 0) close(fd);
    }
    full = variable("ADVERSE_FULL");
    fail = variable("ADVERSE_FAIL");
    root_length = root ? strlen(root) : 0;
    if ((path = getenv("ADVERSE_JOURNAL"))) {
        int low = open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
        /* Out of the way of programs that close or count the low ones. */
        journal = fcntl(low, F_DUPFD_CLOEXEC, 700);
        close(low);
    }
    if ((path = getenv("ADVERSE_CLOCK"))) {
        int clock = open(path, O_RDONLY | O_CLOEXEC);
        void *map = mmap(0, 8, PROT_READ, MAP_SHARED, clock, 0);
        if (map != MAP_FAILED) ahead_ms = map;
        close(clock);
    }
}

static int below(const char *path) {
    return root && !strncmp(path, root, root_length) &&
           (path[root_length] == '/' || !path[root_length]);
}

/* The full path of a name that may be relative, in `out`; whether it is watched. */
static int place(const char *path, char *out) {
    if (!root) return 0;
    if (path[0] == '/') snprintf(out, PATH_MAX, "%s", path);
    else {
        char here[PATH_MAX / 2];
        if (!getcwd(here, sizeof here)) return 0;
        snprintf(out, PATH_MAX, "%s/%s", here, path);
    }
    return below(out);
}

static int disk_is_full(void) { return full && !access(full, F_OK); }

/* ---- opening and closing ---- */

static void opened(int fd, const char *path, int existed) {
    struct stat now;
    if (fd < 0 || fd >= 65536 || fstat(fd, &now)) return;
    if (S_ISDIR(now.st_mode)) watched[fd] = 1;
    if (!S_ISREG(now.st_mode)) return;
    watched[fd] = now.st_ino;
    if (!existed) note(CREATE, now.st_ino, 0, path, 0, 0, 0);
}

#define OPEN(name, call) \
    char full_path[PATH_MAX]; \
    struct stat was; \
    int watch = place(path, full_path); \
    int existed = watch && !stat(full_path, &was); \
    unsigned mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { \
        va_list rest; \
        va_start(rest, flags); \
        mode = va_arg(rest, unsigned); \
        va_end(rest); \
    } \
    REAL(name); \
    int fd = call; \
    if (fd >= 0 && fd < 65536) watched[fd] = 0; \
    if (watch && fd >= 0) { \
        opened(fd, full_path, existed); \
        if (existed && (flags & O_TRUNC) && watched[fd] > 1) \
            note(TRUNCATE, watched[fd], 0, 0, 0, 0, 0); \
    } \
    return fd

int open(const char *path, int flags, ...) { OPEN(open, real(path, flags, mode)); }
int open64(const char *path, int flags, ...) { OPEN(open64, real(path, flags, mode)); }
int openat(int at, const char *path, int flags, ...) { OPEN(openat, real(at, path, flags, mode)); }
int openat64(int at, const char *path, int flags, ...) {
    OPEN(openat64, real(at, path, flags, mode));
}

/* What programs call that are built to check their flags. */
int __open_2(const char *path, int flags) { return open(path, flags); }
int __open64_2(const char *path, int flags) { return open64(path, flags); }

int close(int fd) {
    REAL(close);
    /* A program that closes all there is must not close this. */
    if (fd == journal && fd >= 0) return 0;
    if (fd >= 0 && fd < 65536) watched[fd] = 0;
    return real(fd);
}

/* ---- writing ---- */

static uint64_t file(int fd) { return fd >= 0 && fd < 65536 ? watched[fd] : 0; }

static int grows(int fd, uint64_t end) {
    struct stat now;
    return disk_is_full() && (fstat(fd, &now) || end > (uint64_t)now.st_size);
}

#define NO_SPACE return errno = ENOSPC, -1

static ssize_t positioned(int fd, const void *data, size_t bytes, off_t at,
                          ssize_t (*real)(int, const void *, size_t, off_t)) {
    uint64_t inode = file(fd);
    if (inode < 2) return real(fd, data, bytes, at);
    if (grows(fd, (uint64_t)at + bytes)) NO_SPACE;
    ssize_t done = real(fd, data, bytes, at);
    if (done > 0) note(WRITE, inode, (uint64_t)at, 0, 0, data, (uint64_t)done);
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t bytes, off_t at) {
    REAL(pwrite);
    return positioned(fd, data, bytes, at, real);
}

ssize_t pwrite64(int fd, const void *data, size_t bytes, off64_t at) {
    REAL(pwrite64);
    return positioned(fd, data, bytes, at, real);
}

ssize_t write(int fd, const void *data, size_t bytes) {
    REAL(write);
    uint64_t inode = file(fd);
    if (inode < 2) return real(fd, data, bytes);
    off_t at = fcntl(fd, F_GETFL) & O_APPEND ? lseek(fd, 0, SEEK_END) : lseek(fd, 0, SEEK_CUR);
    if (grows(fd, (uint64_t)at + bytes)) NO_SPACE;
    ssize_t done = real(fd, data, bytes);
    if (done > 0) note(WRITE, inode, (uint64_t)at, 0, 0, data, (uint64_t)done);
    return done;
}

/* In pieces: a partial write is allowed, and programs go on after it. */
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
    REAL(pwritev);
    if (file(fd) < 2) return real(fd, parts, count, at);
    ssize_t all = 0;
    for (int i = 0; i < count; i++) {
        ssize_t done = pwrite(fd, parts[i].iov_base, parts[i].iov_len, at + all);
        if (done < 0) return all ? all : -1;
        all += done;
        if ((size_t)done < parts[i].iov_len) break;
    }
    return all;
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) {
    return pwritev(fd, parts, count, at);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(writev);
    if (file(fd) < 2) return real(fd, parts, count);
    ssize_t all = 0;
    for (int i = 0; i < count; i++) {
        ssize_t done = write(fd, parts[i].iov_base, parts[i].iov_len);
        if (done < 0) return all ? all : -1;
        all += done;
        if ((size_t)done < parts[i].iov_len) break;
    }
    return all;
}

static int resized(int fd, uint64_t length, int done) {
    if (!done && file(fd) > 1) note(TRUNCATE, file(fd), length, 0, 0, 0, 0);
    return done;
}

int ftruncate(int fd, off_t length) {
    REAL(ftruncate);
    return resized(fd, (uint64_t)length, real(fd, length));
}

int ftruncate64(int fd, off64_t length) {
    REAL(ftruncate64);
    return resized(fd, (uint64_t)length, real(fd, length));
}

/* A file that grows by this holds zeros there. */
static int allocated(int fd, off_t at, off_t length,
                     int (*real)(int, off_t, off_t)) {
    struct stat now;
    if (file(fd) > 1 && grows(fd, (uint64_t)(at + length))) return ENOSPC;
    int failed = real(fd, at, length);
    if (!failed && file(fd) > 1 && !fstat(fd, &now)) resized(fd, (uint64_t)now.st_size, 0);
    return failed;
}

int posix_fallocate(int fd, off_t at, off_t length) {
    REAL(posix_fallocate);
    return allocated(fd, at, length, real);
}

int posix_fallocate64(int fd, off64_t at, off64_t length) {
    REAL(posix_fallocate64);
    return allocated(fd, at, length, real);
}

/* ---- syncing: a change counts as kept once a sync that began after it is over ---- */

static int synced(int fd, int (*real)(int)) {
    uint64_t inode = file(fd);
    if (inode > 1 && fail && !unlink(fail)) return errno = EIO, -1;
    if (!inode || journal < 0) return real(fd);
    char path[PATH_MAX] = "", link[64];
    uint64_t covers = (uint64_t)lseek(journal, 0, SEEK_END);
    struct timespec pause = {0, 2000000};
    nanosleep(&pause, 0);
    if (inode > 1) note(SYNC, inode, covers, 0, 0, 0, 0);
    else {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        if (readlink(link, path, sizeof path - 1) > 0) note(SYNC_FOLDER, 0, covers, path, 0, 0, 0);
    }
    return 0;
}

int fsync(int fd) {
    REAL(fsync);
    return synced(fd, real);
}

int fdatasync(int fd) {
    REAL(fdatasync);
    return synced(fd, real);
}

/* ---- names ---- */

static int moved(uint32_t kind, const char *from, const char *to, int done) {
    char one[PATH_MAX], two[PATH_MAX];
    if (!done && place(from, one) && place(to, two)) note(kind, 0, 0, one, two, 0, 0);
    return done;
}

int rename(const char *from, const char *to) {
    REAL(rename);
    return moved(RENAME, from, to, real(from, to));
}

int link(const char *from, const char *to) {
    REAL(link);
    return moved(LINK, from, to, real(from, to));
}

static int named(uint32_t kind, const char *path, int done) {
    char one[PATH_MAX];
    if (!done && place(path, one)) note(kind, 0, 0, one, 0, 0, 0);
    return done;
}

int unlink(const char *path) {
    REAL(unlink);
    return named(UNLINK, path, real(path));
}

int rmdir(const char *path) {
    REAL(rmdir);
    return named(UNLINK, path, real(path));
}

int mkdir(const char *path, mode_t mode) {
    REAL(mkdir);
    return named(MAKE_FOLDER, path, real(path, mode));
}

/* ---- the clock ---- */

int clock_gettime(clockid_t clock, struct timespec *now) {
    REAL(clock_gettime);
    int failed = real(clock, now);
    if (failed || clock != CLOCK_REALTIME || !ahead_ms) return failed;
    int64_t ms = *(volatile int64_t *)ahead_ms;
    int64_t ns = now->tv_nsec + ms % 1000 * 1000000;
    now->tv_sec += ms / 1000 + (ns < 0 ? -1 : ns / 1000000000);
    now->tv_nsec = ns < 0 ? ns + 1000000000 : ns % 1000000000;
    return 0;
}
