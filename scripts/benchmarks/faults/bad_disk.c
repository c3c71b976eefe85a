/* A disk that fails on purpose: write, fsync and fdatasync fail for the file that a rule names.

   The rule is a file whose path is in FAULTY_DISK, "write journal.jsonl 28 0": which call, how the
   file's name begins, the error's number, and whether only once. No file, no fault. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fails(const char *call, int file) {
    char wanted[16], name[64], link[64], path[4096];
    int number, once;
    int before = errno;
    const char *place = getenv("FAULTY_DISK");
    FILE *rule = place ? fopen(place, "re") : NULL;
    errno = before;
    if (!rule) return 0;
    int read = fscanf(rule, "%15s %63s %d %d", wanted, name, &number, &once);
    fclose(rule);
    if (read != 4 || strcmp(wanted, call)) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    const char *last = strrchr(path, '/');
    if (!last || strncmp(last + 1, name, strlen(name))) return 0;
    if (once) unlink(place);
    errno = number;
    return 1;
}

ssize_t write(int file, const void *body, size_t size) {
    static ssize_t (*real)(int, const void *, size_t);
    if (!real) real = dlsym(RTLD_NEXT, "write");
    return fails("write", file) ? -1 : real(file, body, size);
}

int fsync(int file) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fsync");
    return fails("sync", file) ? -1 : real(file);
}

int fdatasync(int file) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
    return fails("sync", file) ? -1 : real(file);
}
