/* flood - sends packets of forged sources through a packet socket, at a rate or flat out.
 *
 *   flood DEVICE DESTINATION_MAC DESTINATION PORT SOURCES RATE SECONDS CPU [PAYLOAD...]
 *
 * SYNs; or, with payloads, datagrams that carry them in turn, the first to PORT, the next to PORT + 1, and so on.
 * Sources are 10.128.0.0 and up, as many as SOURCES, in an order that a fixed multiplier scatters; so every
 * run sends the same packets. RATE is packets per second, 0 = as fast as it goes. Checksums are right, for conntrack
 * calls a packet with a wrong one INVALID and rules that ask for NEW do not see it; UDP's is none (RFC 768).
 *
 * Prints: sent=PACKETS seconds=S cpu_ns=NANOSECONDS_PER_PACKET
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { BURST = 64, MOST_PAYLOAD = 1400, FIRST_SOURCE = 0x0a800000, SCATTER = 0x9e3779b1 };

struct frame {
    struct ether_header ethernet;
    struct iphdr ip;
    union {
        struct tcphdr tcp;
        struct {
            struct udphdr header;
            char payload[MOST_PAYLOAD];
        } __attribute__((packed)) udp;
    };
} __attribute__((packed));

enum { HEADERS = sizeof(struct ether_header) + sizeof(struct iphdr) };

static volatile sig_atomic_t stopping;

static void stop(int signal) {
    (void)signal;
    stopping = 1;
}

static uint64_t clock_ns(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void die(const char *what) {
    perror(what);
    exit(1);
}

/* The Internet checksum (RFC 1071) of an even number of bytes, on top of another sum. */
static uint16_t checksum(const void *of, size_t length, uint32_t sum) {
    const uint8_t *bytes = of;
    for (size_t i = 0; i < length; i += 2) {
        uint16_t word;
        memcpy(&word, bytes + i, sizeof word);
        sum += word;
    }
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static size_t prepare_syn(struct frame *f, int port) {
    f->ip.protocol = IPPROTO_TCP;
    f->tcp.dest = htons((uint16_t)port);
    f->tcp.doff = 5;
    f->tcp.syn = 1;
    f->tcp.window = htons(1024);
    return sizeof f->tcp;
}

static size_t prepare_datagram(struct frame *f, int port, const char *payload) {
    size_t length = strlen(payload);
    if (length > MOST_PAYLOAD) {
        fputs("a payload is too long\n", stderr);
        exit(2);
    }
    f->ip.protocol = IPPROTO_UDP;
    f->udp.header.dest = htons((uint16_t)port);
    f->udp.header.len = htons((uint16_t)(sizeof f->udp.header + length));
    memcpy(f->udp.payload, payload, length);
    return sizeof f->udp.header + length;
}

/* Returns the frame's length. No payload = a SYN. */
static size_t prepare(struct frame *f, const char *mac, const char *destination, int port, const char *payload) {
    memset(f, 0, sizeof *f);
    unsigned m[6];
    if (sscanf(mac, "%x:%x:%x:%x:%x:%x", m, m + 1, m + 2, m + 3, m + 4, m + 5) != 6) die("mac");
    for (int i = 0; i < 6; i++) f->ethernet.ether_dhost[i] = (uint8_t)m[i];
    f->ethernet.ether_shost[0] = 2;
    f->ethernet.ether_type = htons(ETHERTYPE_IP);
    f->ip.version = 4;
    f->ip.ihl = 5;
    f->ip.ttl = 64;
    if (inet_pton(AF_INET, destination, &f->ip.daddr) != 1) die("destination");
    size_t length = payload ? prepare_datagram(f, port, payload) : prepare_syn(f, port);
    f->ip.tot_len = htons((uint16_t)(sizeof f->ip + length));
    return HEADERS + length;
}

/* The next forged packet: another source, port and sequence number. */
static void forge(struct frame *f, uint32_t number, uint32_t sources) {
    uint32_t scattered = number * (uint32_t)SCATTER;
    f->ip.saddr = htonl((uint32_t)FIRST_SOURCE + (uint32_t)((uint64_t)scattered * sources >> 32));
    f->ip.check = 0;
    f->ip.check = checksum(&f->ip, sizeof f->ip, 0);
    f->tcp.source = htons((uint16_t)(1024 + scattered % 60000)); /* UDP's is in the same place */
    if (f->ip.protocol != IPPROTO_TCP) return;
    f->tcp.seq = htonl(number);
    f->tcp.check = 0;
    uint32_t pseudo = (f->ip.saddr & 0xffff) + (f->ip.saddr >> 16) + (f->ip.daddr & 0xffff) + (f->ip.daddr >> 16) +
                      htons(IPPROTO_TCP) + htons(sizeof f->tcp);
    f->tcp.check = checksum(&f->tcp, sizeof f->tcp, pseudo);
}

int main(int argc, char **argv) {
    if (argc < 9 || argc > 9 + BURST) {
        fputs("usage: flood DEVICE MAC DESTINATION PORT SOURCES RATE SECONDS CPU [PAYLOAD...]\n", stderr);
        return 2;
    }
    uint32_t sources = (uint32_t)strtoul(argv[5], NULL, 10);
    double rate = strtod(argv[6], NULL);
    uint64_t length = (uint64_t)(strtod(argv[7], NULL) * 1e9);
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET((size_t)atoi(argv[8]), &cpus);
    if (sched_setaffinity(0, sizeof cpus, &cpus)) die("sched_setaffinity");
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGTERM, &action, NULL);

    int fd = socket(AF_PACKET, SOCK_RAW, 0); /* protocol 0: it receives nothing */
    if (fd < 0) die("socket");
    int bypass = 1;
    if (setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &bypass, sizeof bypass)) die("PACKET_QDISC_BYPASS");
    struct sockaddr_ll to = {
        .sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(argv[1]), .sll_halen = ETH_ALEN};
    if (!to.sll_ifindex) die(argv[1]);
    static struct frame frames[BURST];
    struct iovec parts[BURST];
    struct mmsghdr messages[BURST];
    memset(messages, 0, sizeof messages);
    int kinds = argc - 9;
    for (int i = 0; i < BURST; i++) {
        int kind = kinds ? i % kinds : 0;
        size_t size = prepare(&frames[i], argv[2], argv[3], atoi(argv[4]) + kind, kinds ? argv[9 + kind] : NULL);
        parts[i] = (struct iovec){&frames[i], size};
        messages[i].msg_hdr = (struct msghdr){
            .msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &parts[i], .msg_iovlen = 1};
    }

    /* At a rate, small bursts, so that packets come about evenly and the generator can sleep. */
    int burst = rate == 0 ? BURST : rate * 0.0002 < 1 ? 1 : rate * 0.0002 > BURST ? BURST : (int)(rate * 0.0002);
    if (burst < kinds) burst = kinds;
    uint64_t start = clock_ns(CLOCK_MONOTONIC), cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID), now = start;
    uint64_t sent = 0;
    while (!stopping && now - start < length) {
        for (int i = 0; i < burst; i++) forge(&frames[i], (uint32_t)sent + (uint32_t)i, sources);
        int done = sendmmsg(fd, messages, (unsigned)burst, 0);
        if (done < 0 && errno != ENOBUFS && errno != EINTR) die("sendmmsg");
        if (done > 0) sent += (uint64_t)done;
        if (rate > 0) {
            uint64_t due = start + (uint64_t)((double)sent / rate * 1e9);
            struct timespec until = {(time_t)(due / 1000000000u), (long)(due % 1000000000u)};
            clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
        }
        now = clock_ns(CLOCK_MONOTONIC);
    }
    cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu;
    printf("sent=%llu seconds=%.3f cpu_ns=%.0f\n", (unsigned long long)sent, (double)(now - start) / 1e9,
           sent ? (double)cpu / (double)sent : 0.0);
    return 0;
}
