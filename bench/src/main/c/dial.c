/* dial - the other end of a connection: listens, measures connects, knocks.
 *
 *   dial listen PORT                                    accepts and closes, until SIGTERM
 *   dial connect ADDRESS PORT COUNT PAUSE_US CPU         times connect() COUNT times
 *   dial knock ADDRESS KNOCK,KNOCK,... PORT COUNT PAUSE_US CPU
 *                                                        times knocks and the connect() right behind them
 *
 * Prints: count=N failed=N p50=US p99=US. A try that takes longer than 900 ms lost a packet and would only come
 * through by a retransmission: it counts as failed.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SLOW_MS = 900, MOST = 1000000, MOST_KNOCKS = 32 };

static void die(const char *what) {
    perror(what);
    exit(1);
}

static double now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void pin(const char *cpu) {
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET((size_t)atoi(cpu), &cpus);
    if (sched_setaffinity(0, sizeof cpus, &cpus)) die("sched_setaffinity");
}

static struct sockaddr_in address(const char *text, int port) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (inet_pton(AF_INET, text, &a.sin_addr) != 1) die(text);
    return a;
}

/* A socket whose close leaves nothing behind, so that ports do not run out. */
static int open_socket(void) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0) die("socket");
    struct linger none = {1, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    return fd;
}

static void serve(int port) {
    int fd = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (fd < 0 || bind(fd, (struct sockaddr *)&any, sizeof any) || listen(fd, 1024)) die("listen");
    for (;;) {
        int peer = accept(fd, NULL, NULL);
        if (peer >= 0) close(peer);
    }
}

/* Sends one SYN to a port where nobody answers. */
static void knock(const char *to, int port) {
    struct sockaddr_in a = address(to, port);
    int fd = open_socket();
    if (connect(fd, (struct sockaddr *)&a, sizeof a) && errno != EINPROGRESS && errno != ECONNREFUSED) die("knock");
    close(fd);
}

/* Whether the connection came within the time of a first try. */
static int connects(const struct sockaddr_in *to) {
    int fd = open_socket(), error = 0;
    socklen_t size = sizeof error;
    int connected = connect(fd, (const struct sockaddr *)to, sizeof *to) == 0;
    if (!connected && errno == EINPROGRESS) {
        struct pollfd wait = {.fd = fd, .events = POLLOUT};
        connected = poll(&wait, 1, SLOW_MS) == 1 && !getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) && !error;
    }
    close(fd);
    return connected;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(const char *to, int *knocks, int knock_count, int port, int count, int pause_us) {
    struct sockaddr_in target = address(to, port);
    double *times = calloc((size_t)count, sizeof *times);
    int good = 0, bad = 0;
    for (int i = 0; i < count; i++) {
        double start = now_us();
        for (int k = 0; k < knock_count; k++) knock(to, knocks[k]);
        if (connects(&target)) times[good++] = now_us() - start;
        else bad++;
        if (pause_us) usleep((useconds_t)pause_us);
    }
    qsort(times, (size_t)good, sizeof *times, ascending);
    printf("count=%d failed=%d", count, bad);
    if (good) printf(" p50=%.1f p99=%.1f", times[good / 2], times[(int)((double)good * 0.99)]);
    printf("\n");
    free(times);
}

int main(int argc, char **argv) {
    if (argc == 3 && !strcmp(argv[1], "listen")) serve(atoi(argv[2]));
    int knocking = argc == 8 && !strcmp(argv[1], "knock");
    if (!knocking && (argc != 7 || strcmp(argv[1], "connect"))) {
        fputs("usage: dial listen PORT\n"
              "       dial connect ADDRESS PORT COUNT PAUSE_US CPU\n"
              "       dial knock ADDRESS KNOCK,... PORT COUNT PAUSE_US CPU\n", stderr);
        return 2;
    }
    int knocks[MOST_KNOCKS], knock_count = 0;
    if (knocking)
        for (char *part = strtok(argv[3], ","); part && knock_count < MOST_KNOCKS; part = strtok(NULL, ","))
            knocks[knock_count++] = atoi(part);
    char **rest = argv + (knocking ? 4 : 3);
    int count = atoi(rest[1]);
    if (count < 1 || count > MOST) return 2;
    pin(rest[3]);
    measure(argv[2], knocks, knock_count, atoi(rest[0]), count, atoi(rest[2]));
    return 0;
}
