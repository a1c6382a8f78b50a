/* A library to be preloaded: the calls of a program that touch files below a folder are counted, and one of them fails.

   OHMLAB_FAIL_UNDER  folder; calls on other files are passed on
   OHMLAB_FAIL_AT     number of the call that fails, from 1; 0: none
   OHMLAB_FAIL_FOR    how many calls fail from there on
   OHMLAB_FAIL_ERRNO  the reason they give
   OHMLAB_FAIL_LOG    file to which the number of calls so far is written at exit

   Counted are open, read, write, fsync, rename, mkdir and unlink. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_long calls;

static long number(const char* name) {
  const char* text = getenv(name);
  return text ? atol(text) : 0;
}

static int is_ours(const char* path) {
  const char* folder = getenv("OHMLAB_FAIL_UNDER");
  char whole[PATH_MAX * 2];
  if (!folder || !path) return 0;
  if (path[0] == '/') {
    snprintf(whole, sizeof whole, "%s", path);
  } else {
    char here[PATH_MAX];
    if (!getcwd(here, sizeof here)) return 0;
    snprintf(whole, sizeof whole, "%s/%s", here, path);
  }
  return strncmp(whole, folder, strlen(folder)) == 0;
}

static int is_our_descriptor(int descriptor) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return path[0] == '/' && is_ours(path); /* a pipe has no path */
}

static int fails(void) {
  const long call = atomic_fetch_add(&calls, 1) + 1, at = number("OHMLAB_FAIL_AT");
  if (at == 0 || call < at || call >= at + number("OHMLAB_FAIL_FOR")) return 0;
  errno = (int)number("OHMLAB_FAIL_ERRNO");
  return 1;
}

__attribute__((destructor)) static void log_calls(void) {
  const char* path = getenv("OHMLAB_FAIL_LOG");
  FILE* file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  fprintf(file, "%ld\n", (long)atomic_load(&calls));
  fclose(file);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static mode_t mode_of(int flags, va_list rest) { return flags & O_CREAT ? (mode_t)va_arg(rest, int) : 0; }

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_of(flags, rest);
  va_end(rest);
  if (is_ours(path) && fails()) return -1;
  return NEXT(open)(path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_of(flags, rest);
  va_end(rest);
  if (is_ours(path) && fails()) return -1;
  return NEXT(open64)(path, flags, mode);
}

ssize_t read(int descriptor, void* to, size_t bytes) {
  if (is_our_descriptor(descriptor) && fails()) return -1;
  return NEXT(read)(descriptor, to, bytes);
}

ssize_t write(int descriptor, const void* from, size_t bytes) {
  if (is_our_descriptor(descriptor) && fails()) return -1;
  return NEXT(write)(descriptor, from, bytes);
}

int fsync(int descriptor) {
  if (is_our_descriptor(descriptor) && fails()) return -1;
  return NEXT(fsync)(descriptor);
}

int rename(const char* from, const char* to) {
  if (is_ours(to) && fails()) return -1;
  return NEXT(rename)(from, to);
}

int mkdir(const char* path, mode_t mode) {
  if (is_ours(path) && fails()) return -1;
  return NEXT(mkdir)(path, mode);
}

int unlink(const char* path) {
  if (is_ours(path) && fails()) return -1;
  return NEXT(unlink)(path);
}
