/* loop - the plainest verdict programs in C: they accept every packet of queue 0.
 *
 *   loop each     as the library's example has it: nfq_handle_packet, a callback, one verdict per call
 *   loop batch    recvmmsg of up to 64 messages, own reading of the attributes, all verdicts in one send
 *
 * Both know the source and destination port of every packet, because any gate has to look at them.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <libnetfilter_queue/libnetfilter_queue.h>
#include <linux/netfilter.h>
#include <linux/netlink.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { BATCH = 64, COPY_RANGE = 128, SLOT = 512, QUEUE_LENGTH = 16384, ATTRIBUTES = 20 };

static volatile sig_atomic_t stopping;
static volatile uint32_t last_seen; /* so that the compiler keeps the reading of the packet */

static void stop(int signal) {
    (void)signal;
    stopping = 1;
}

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void look(const uint8_t *packet, int length) {
    if (length < 20 || packet[0] >> 4 != 4) return;
    int header = (packet[0] & 15) * 4;
    if (length < header + 4) return;
    uint32_t source;
    memcpy(&source, packet + 12, sizeof source);
    last_seen = source ^ (uint32_t)(packet[header + 2] << 8 | packet[header + 3]);
}

static int on_packet(struct nfq_q_handle *queue, struct nfgenmsg *message, struct nfq_data *data, void *nothing) {
    (void)message;
    (void)nothing;
    struct nfqnl_msg_packet_hdr *header = nfq_get_msg_packet_hdr(data);
    unsigned char *packet;
    int length = nfq_get_payload(data, &packet);
    if (length > 0) look(packet, length);
    return nfq_set_verdict(queue, header ? ntohl(header->packet_id) : 0, NF_ACCEPT, 0, NULL);
}

static void each(struct nfq_handle *handle, int fd) {
    char buffer[0x10000] __attribute__((aligned));
    while (!stopping) {
        ssize_t length = recv(fd, buffer, sizeof buffer, 0);
        if (length > 0) nfq_handle_packet(handle, buffer, (int)length);
        else if (errno != EINTR && errno != ENOBUFS) die("recv");
    }
}

struct verdict { /* struct nlmsghdr, struct nfgenmsg, one attribute: 32 bytes */
    struct nlmsghdr header;
    uint8_t family, version;
    uint16_t queue;
    uint16_t length, type;
    uint32_t verdict, id;
};

/* Whether a message is a queued packet; then its id (network order) is told. */
static int read_message(const uint8_t *message, unsigned length, uint32_t *id) {
    struct nlmsghdr header;
    if (length < ATTRIBUTES) return 0;
    memcpy(&header, message, sizeof header);
    if (header.nlmsg_type != (NFNL_SUBSYS_QUEUE << 8 | NFQNL_MSG_PACKET) || header.nlmsg_len > length) return 0;
    int found = 0;
    for (unsigned at = ATTRIBUTES; at + 4 <= header.nlmsg_len;) {
        uint16_t attribute[2]; /* length, type */
        memcpy(attribute, message + at, sizeof attribute);
        if (attribute[0] < 4 || at + attribute[0] > header.nlmsg_len) break;
        if (attribute[1] == NFQA_PACKET_HDR) {
            memcpy(id, message + at + 4, sizeof *id);
            found = 1;
        } else if (attribute[1] == NFQA_PAYLOAD) {
            look(message + at + 4, attribute[0] - 4);
        }
        at += (attribute[0] + 3u) & ~3u;
    }
    return found;
}

static void batch(int fd) {
    static uint8_t slots[BATCH][SLOT] __attribute__((aligned(64)));
    static struct verdict verdicts[BATCH];
    struct iovec parts[BATCH];
    struct mmsghdr messages[BATCH];
    memset(messages, 0, sizeof messages);
    for (int i = 0; i < BATCH; i++) {
        parts[i] = (struct iovec){slots[i], SLOT};
        messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
        verdicts[i] = (struct verdict){
            .header = {.nlmsg_len = sizeof(struct verdict),
                       .nlmsg_type = NFNL_SUBSYS_QUEUE << 8 | NFQNL_MSG_VERDICT,
                       .nlmsg_flags = NLM_F_REQUEST},
            .length = 12, .type = NFQA_VERDICT_HDR, .verdict = htonl(NF_ACCEPT)};
    }
    while (!stopping) {
        int received = recvmmsg(fd, messages, BATCH, MSG_WAITFORONE, NULL);
        if (received < 0 && errno != EINTR && errno != ENOBUFS) die("recvmmsg");
        int count = 0;
        for (int i = 0; i < received; i++)
            count += read_message(slots[i], messages[i].msg_len, &verdicts[count].id);
        if (count && send(fd, verdicts, (size_t)count * sizeof *verdicts, 0) < 0) die("send");
    }
}

int main(int argc, char **argv) {
    int batched = argc == 2 && !strcmp(argv[1], "batch");
    if (!batched && (argc != 2 || strcmp(argv[1], "each"))) {
        fputs("usage: loop each|batch\n", stderr);
        return 2;
    }
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGTERM, &action, NULL);
    struct nfq_handle *handle = nfq_open();
    if (!handle) die("nfq_open");
    int fd = nfq_fd(handle);
    struct nfq_q_handle *queue = nfq_create_queue(handle, 0, on_packet, NULL);
    if (!queue) die("nfq_create_queue");
    if (batched) { /* "each" stays as the example is: default buffer, whole packets */
        int bytes = QUEUE_LENGTH * 1024;
        if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes)) die("SO_RCVBUFFORCE");
        if (nfq_set_queue_maxlen(queue, QUEUE_LENGTH) < 0) die("nfq_set_queue_maxlen");
    }
    if (nfq_set_mode(queue, NFQNL_COPY_PACKET, batched ? COPY_RANGE : 0xffff) < 0) die("nfq_set_mode");
    if (batched) batch(fd);
    else each(handle, fd);
    nfq_destroy_queue(queue);
    nfq_close(handle);
    return 0;
}
