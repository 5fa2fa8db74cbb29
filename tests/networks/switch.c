/* A network of machines: namespaces, and a switch in user space between them, which takes its time, loses packets and has a rate.
 *
 * usage: switch HOSTS
 *
 * Host k (from 1) has the address 10.77.0.k and fd77::k on its device `wire`. For each one line is printed, the number of the
 * descriptor by which others enter its namespace (nsenter --net=/proc/PID/fd/NUMBER). Then commands are read, a line each, and
 * answered by a line:
 *
 *   set DELAY LOSS RATE   microseconds one way between two hosts; share of packets that are lost; bytes per second of the cable of
 *                         each host, in each direction (0: no bound)
 *   down HOST, up HOST    the device of a host
 *   count                 packets passed on, packets lost, packets that found no room
 *
 * Everything ends with the end of the input. The times are: a packet waits for its turn on the cable of its sender, travels,
 * and waits for its turn on the cable of its receiver; a cable holds 256 packets and what it carries in 25 ms, further ones find
 * no room. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 16, SIZE = 1600, ROOM = 1 << 14, BURST = 64, HELD = 256 };

typedef struct {
    double at; /* when it may go on */
    int size, to;
    char bytes[SIZE];
} Packet;

typedef struct {
    Packet *packets; /* ROOM of them, in the order of their times */
    unsigned first, last;
    double busy; /* until when the cable has something to carry */
} Cable;

typedef struct {
    int tun, control, space;
    Cable out, in;
} Host;

/* struct in6_ifreq, whose header cannot stand beside net/if.h */
typedef struct {
    struct in6_addr address;
    uint32_t prefix;
    int index;
} Address6;

static Host hosts[MOST];
static int count;
static double delay, loss, rate;
static unsigned long passed, lost, refused;
static uint64_t dice = 0x9e3779b97f4a7c15;

static void check(int failed, const char *what) {
    if (!failed) return;
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double chance(void) {
    dice ^= dice << 13, dice ^= dice >> 7, dice ^= dice << 17;
    return (double)(dice >> 11) / (double)(1ull << 53);
}

/* ---- hosts */

static void set_flags(int control, const char *device, int up) {
    struct ifreq r = {0};
    strcpy(r.ifr_name, device);
    check(ioctl(control, SIOCGIFFLAGS, &r) < 0, "SIOCGIFFLAGS");
    r.ifr_flags = (short)(up ? r.ifr_flags | IFF_UP : r.ifr_flags & ~IFF_UP);
    check(ioctl(control, SIOCSIFFLAGS, &r) < 0, "SIOCSIFFLAGS");
}

static void set_address(int control, int k) {
    struct ifreq r = {0};
    struct sockaddr_in *in = (struct sockaddr_in *)&r.ifr_addr;
    strcpy(r.ifr_name, "wire");
    in->sin_family = AF_INET;
    in->sin_addr.s_addr = htonl(0x0a4d0000u + (unsigned)k);
    check(ioctl(control, SIOCSIFADDR, &r) < 0, "SIOCSIFADDR");
    in->sin_addr.s_addr = htonl(0xffffff00u);
    check(ioctl(control, SIOCSIFNETMASK, &r) < 0, "SIOCSIFNETMASK");
}

static void set_address6(int k) {
    Address6 r = {.prefix = 64, .index = (int)if_nametoindex("wire")};
    int control = socket(AF_INET6, SOCK_DGRAM, 0);
    if (control < 0) return; /* a kernel without it */
    r.address.s6_addr[0] = 0xfd, r.address.s6_addr[1] = 0x77, r.address.s6_addr[15] = (uint8_t)k;
    check(ioctl(control, SIOCSIFADDR, &r) < 0 && errno != EEXIST, "SIOCSIFADDR of IPv6");
    close(control);
}

/* The one that lost packets slow down most; others are not allowed to all namespaces. */
static void set_congestion_control(void) {
    int file = open("/proc/sys/net/ipv4/tcp_congestion_control", O_WRONLY);
    check(file >= 0 && write(file, "reno", 4) != 4, "tcp_congestion_control");
    if (file >= 0) close(file);
}

static void make(Host *h, int k) {
    struct ifreq r = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    check(unshare(CLONE_NEWNET) < 0, "unshare");
    h->space = open("/proc/self/ns/net", O_RDONLY);
    h->control = socket(AF_INET, SOCK_DGRAM, 0);
    h->tun = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
    check(h->space < 0 || h->control < 0 || h->tun < 0, "/dev/net/tun");
    strcpy(r.ifr_name, "wire");
    check(ioctl(h->tun, TUNSETIFF, &r) < 0, "TUNSETIFF");
    set_flags(h->control, "lo", 1);
    set_address(h->control, k);
    set_flags(h->control, "wire", 1);
    set_address6(k);
    set_congestion_control();
    h->in.packets = calloc(ROOM, sizeof(Packet));
    h->out.packets = calloc(ROOM, sizeof(Packet));
    check(!h->in.packets || !h->out.packets, "memory");
}

/* ---- packets */

/* The host that a packet is for, from 0; -1: none. */
static int receiver(const char *bytes, int size) {
    int k = 0;
    if (size >= 20 && bytes[0] >> 4 == 4) k = bytes[19];
    if (size >= 40 && (bytes[0] & 0xf0) >> 4 == 6 && (uint8_t)bytes[24] == 0xfd) k = bytes[39];
    return k >= 1 && k <= count ? k - 1 : -1;
}

/* Put a packet that has come at a moment onto a cable; `after`: how long it travels behind it. */
static void put(Cable *c, const char *bytes, int size, int to, double moment, double after) {
    double begin = c->busy > moment ? c->busy : moment;
    double held = rate > 0 ? rate * (begin - moment) : 0;
    if (held > 1500. * HELD + .025 * rate || c->last - c->first == ROOM) {
        refused++;
        return;
    }
    Packet *p = &c->packets[c->last++ % ROOM];
    c->busy = rate > 0 ? begin + size / rate : begin;
    p->at = c->busy + after, p->size = size, p->to = to;
    memcpy(p->bytes, bytes, (size_t)size);
}

static void take(Host *h) {
    char bytes[SIZE];
    for (int i = 0; i < BURST; i++) {
        int size = (int)read(h->tun, bytes, SIZE), to;
        if (size <= 0) return;
        if ((to = receiver(bytes, size)) < 0) continue;
        if (chance() < loss) lost++;
        else put(&h->out, bytes, size, to, now(), delay);
    }
}

/* Let all packets go on whose time has come; how long until that of the next one. */
static double pass_on(void) {
    double next = 1, time = now();
    for (int k = 0; k < count; k++)
        for (Cable *c = &hosts[k].out; c->first != c->last; c->first++) {
            Packet *p = &c->packets[c->first % ROOM];
            if (p->at > time) {
                if (p->at - time < next) next = p->at - time;
                break;
            }
            put(&hosts[p->to].in, p->bytes, p->size, 0, p->at, 0);
        }
    for (int k = 0; k < count; k++)
        for (Cable *c = &hosts[k].in; c->first != c->last; c->first++) {
            Packet *p = &c->packets[c->first % ROOM];
            if (p->at > time) {
                if (p->at - time < next) next = p->at - time;
                break;
            }
            passed += write(hosts[k].tun, p->bytes, (size_t)p->size) > 0; /* else the device is down */
        }
    return next;
}

/* ---- commands */

static void obey(const char *line) {
    double d, l, b;
    int k;
    if (sscanf(line, "set %lf %lf %lf", &d, &l, &b) == 3) delay = 1e-6 * d, loss = l, rate = b;
    else if (sscanf(line, "down %d", &k) == 1 && k >= 1 && k <= count) set_flags(hosts[k - 1].control, "wire", 0);
    else if (sscanf(line, "up %d", &k) == 1 && k >= 1 && k <= count) {
        set_flags(hosts[k - 1].control, "wire", 1);
        check(setns(hosts[k - 1].space, CLONE_NEWNET) < 0, "setns");
        set_address6(k); /* goes away with the device */
    } else if (strncmp(line, "count", 5)) {
        printf("what?\n");
        return;
    }
    printf("%lu %lu %lu\n", passed, lost, refused);
}

/* One line of the input, if all of it is there; 0 at its end. */
static int listen_once(void) {
    static char line[256];
    static size_t have;
    ssize_t size = read(0, line + have, sizeof line - 1 - have);
    if (size <= 0) return 0;
    have += (size_t)size;
    line[have] = 0;
    if (strchr(line, '\n')) {
        obey(line);
        have = 0;
    }
    return 1;
}

int main(int argc, char **argv) {
    struct pollfd waiting[MOST + 1] = {{0, POLLIN, 0}};
    count = argc == 2 ? atoi(argv[1]) : 0;
    if (count < 1 || count > MOST) return fprintf(stderr, "usage: switch HOSTS (1 to %d)\n", MOST), 2;
    setlinebuf(stdout);
    prctl(PR_SET_TIMERSLACK, 1000ul);
    prctl(PR_SET_PDEATHSIG, 9);
    for (int k = 0; k < count; k++) {
        make(&hosts[k], k + 1);
        waiting[k + 1] = (struct pollfd){hosts[k].tun, POLLIN, 0};
    }
    for (int k = 0; k < count; k++) printf("%d\n", hosts[k].space);
    for (;;) {
        double next = pass_on();
        struct timespec wait = {(time_t)next, (long)(1e9 * (next - (double)(time_t)next))};
        if (ppoll(waiting, (nfds_t)count + 1, &wait, 0) < 0) continue;
        for (int k = 0; k < count; k++)
            if (waiting[k + 1].revents & POLLIN) take(&hosts[k]);
        if (waiting[0].revents && !listen_once()) return 0;
    }
}
