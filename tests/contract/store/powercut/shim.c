/*
 * Records what a process does to the files under POWERCUT_FOLDER into POWERCUT_LOG, with the data, in the order
 * in which the calls returned. Loaded with LD_PRELOAD; every call is passed on to libc unchanged.
 *
 * Memory-mapped files are not seen. SQLite maps only the -shm file, an index of the log that it rebuilds from
 * the log whenever the first connection opens the database, so its bytes mean nothing after a power cut.
 * A call that could change a file in a way not recorded here ends the process: a silent gap would make
 * the replay lie.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPENED = 1, WRITTEN = 2, TRUNCATED = 3, SYNCED = 4, RENAMED = 5, UNLINKED = 6, LINKED = 7 };
enum { CREATED = 1, EMPTIED = 2, FOLDER = 4 };

/* All little-endian on the machines this runs on; record.ts reads it with the same offsets. */
struct record {
  uint32_t type;
  uint32_t path_length;
  uint64_t inode;
  uint64_t offset;
  uint64_t data_length;
};

#define MOST_FILES 65536
static unsigned char watched[MOST_FILES];
static char folder[4096];
static size_t folder_length;
static int log_file = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void start(void) {
  const char *path = getenv("POWERCUT_FOLDER");
  const char *log = getenv("POWERCUT_LOG");
  if (!path || !log) return;
  folder_length = strlen(path);
  if (folder_length >= sizeof folder) abort();
  memcpy(folder, path, folder_length + 1);
  log_file = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log_file < 0) abort();
}

static void *next(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (!found) abort();
  return found;
}
#define NEXT(name) \
  static __typeof__(&name) real; \
  if (!real) real = (__typeof__(&name))next(#name)

static int is_inside(const char *path) {
  return log_file >= 0 && path && strncmp(path, folder, folder_length) == 0 &&
         (path[folder_length] == '/' || path[folder_length] == 0);
}
static int is_watched(int fd) { return fd >= 0 && fd < MOST_FILES && watched[fd]; }

static void unrecorded(const char *name) {
  dprintf(2, "power cut recorder: %s is not recorded\n", name);
  abort();
}

static void put(uint32_t type, uint64_t inode, uint64_t offset, const char *path, const void *data, size_t length) {
  int saved = errno;
  struct record head = {type, path ? (uint32_t)strlen(path) : 0, inode, offset, length};
  struct iovec parts[3] = {{&head, sizeof head}, {(void *)path, head.path_length}, {(void *)data, length}};
  pthread_mutex_lock(&lock);
  ssize_t done = syscall(SYS_writev, log_file, parts, 3);
  pthread_mutex_unlock(&lock);
  if (done != (ssize_t)(sizeof head + head.path_length + length)) unrecorded("a call, the log is full");
  errno = saved;
}

static uint64_t inode_of(int fd) {
  struct stat facts;
  if (fstat(fd, &facts) != 0) unrecorded("a file without inode");
  return facts.st_ino;
}

static int opened(int fd, const char *path, int flags, int existed) {
  if (fd < 0) return fd;
  if (fd >= MOST_FILES) unrecorded("so many open files");
  int saved = errno;
  struct stat facts;
  if (fstat(fd, &facts) != 0) unrecorded("a file without inode");
  uint64_t what = 0;
  if (!existed) what |= CREATED;
  if (existed && (flags & O_TRUNC)) what |= EMPTIED;
  if (S_ISDIR(facts.st_mode)) what |= FOLDER;
  watched[fd] = 1;
  put(OPENED, facts.st_ino, what, path, NULL, 0);
  errno = saved;
  return fd;
}

static int exists(const char *path) {
  int saved = errno;
  int found = syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0;
  errno = saved;
  return found;
}

#define OPEN_LIKE(name) \
  int name(const char *path, int flags, ...) { \
    NEXT(name); \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, mode_t) : 0; \
    va_end(rest); \
    if (!is_inside(path)) return real(path, flags, mode); \
    int existed = exists(path); \
    return opened(real(path, flags, mode), path, flags, existed); \
  }
OPEN_LIKE(open)
OPEN_LIKE(open64)

#define OPENAT_LIKE(name) \
  int name(int at, const char *path, int flags, ...) { \
    NEXT(name); \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, mode_t) : 0; \
    va_end(rest); \
    if (!is_inside(path)) return real(at, path, flags, mode); \
    int existed = exists(path); \
    return opened(real(at, path, flags, mode), path, flags, existed); \
  }
OPENAT_LIKE(openat)
OPENAT_LIKE(openat64)

int close(int fd) {
  NEXT(close);
  if (is_watched(fd)) watched[fd] = 0;
  return real(fd);
}

ssize_t write(int fd, const void *data, size_t length) {
  NEXT(write);
  ssize_t done = real(fd, data, length);
  if (done > 0 && is_watched(fd)) {
    off_t end = lseek(fd, 0, SEEK_CUR);
    put(WRITTEN, inode_of(fd), (uint64_t)(end - done), NULL, data, (size_t)done);
  }
  return done;
}

#define PWRITE_LIKE(name, offset_type) \
  ssize_t name(int fd, const void *data, size_t length, offset_type offset) { \
    NEXT(name); \
    ssize_t done = real(fd, data, length, offset); \
    if (done > 0 && is_watched(fd)) put(WRITTEN, inode_of(fd), (uint64_t)offset, NULL, data, (size_t)done); \
    return done; \
  }
PWRITE_LIKE(pwrite, off_t)
PWRITE_LIKE(pwrite64, off64_t)

#define TRUNCATE_LIKE(name, offset_type) \
  int name(int fd, offset_type length) { \
    NEXT(name); \
    int result = real(fd, length); \
    if (result == 0 && is_watched(fd)) put(TRUNCATED, inode_of(fd), (uint64_t)length, NULL, NULL, 0); \
    return result; \
  }
TRUNCATE_LIKE(ftruncate, off_t)
TRUNCATE_LIKE(ftruncate64, off64_t)

#define SYNC_LIKE(name) \
  int name(int fd) { \
    NEXT(name); \
    int result = real(fd); \
    if (result == 0 && is_watched(fd)) put(SYNCED, inode_of(fd), 0, NULL, NULL, 0); \
    return result; \
  }
SYNC_LIKE(fsync)
SYNC_LIKE(fdatasync)

#define MOVE_LIKE(name, type) \
  int name(const char *from, const char *to) { \
    NEXT(name); \
    int result = real(from, to); \
    if (result == 0 && (is_inside(from) || is_inside(to))) put(type, 0, 0, from, to, strlen(to)); \
    return result; \
  }
MOVE_LIKE(rename, RENAMED)
MOVE_LIKE(link, LINKED)

#define UNLINK_LIKE(name) \
  int name(const char *path) { \
    NEXT(name); \
    int result = real(path); \
    if (result == 0 && is_inside(path)) put(UNLINKED, 0, 0, path, NULL, 0); \
    return result; \
  }
UNLINK_LIKE(unlink)
UNLINK_LIKE(remove)

int unlinkat(int at, const char *path, int flags) {
  NEXT(unlinkat);
  int result = real(at, path, flags);
  if (result == 0 && is_inside(path)) put(UNLINKED, 0, 0, path, NULL, 0);
  return result;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  NEXT(writev);
  if (is_watched(fd)) unrecorded("writev");
  return real(fd, parts, count);
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
  NEXT(pwritev);
  if (is_watched(fd)) unrecorded("pwritev");
  return real(fd, parts, count, offset);
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) {
  NEXT(pwritev64);
  if (is_watched(fd)) unrecorded("pwritev64");
  return real(fd, parts, count, offset);
}
int fallocate(int fd, int mode, off_t offset, off_t length) {
  NEXT(fallocate);
  if (is_watched(fd)) unrecorded("fallocate");
  return real(fd, mode, offset, length);
}
int dup2(int from, int to) {
  NEXT(dup2);
  if (is_watched(from)) unrecorded("dup2");
  return real(from, to);
}
