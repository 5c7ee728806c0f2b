/* The load: one thread that opens WebSockets, talks in rooms, and checks every delivery it gets.
 *
 * It spins on a core of its own, so that its idle share says whether it, and not the server, was the limit. Every message
 * carries the time at which it was meant to be sent and its number in its room: latency hides no waiting, and a loss, a
 * repetition or a wrong order is counted. Prints one JSON object. `bench/load.py` knows the options.
 *
 * Connection i is number i / rooms in room i % rooms. The second of each room talks, and says the next thing when its own
 * copy is back (or when it is time, with --rate). Without --guests nobody facilitates and the first one talks.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;

#define SECOND 1000000000ULL
#define TIME_BASE 1000000000000000000ULL /* so that every time has nineteen digits */
#define NUMBER_BASE 1000000000U
#define BODY 96 /* characters of one message */
#define LONGEST_HEAD 512
#define LARGEST_READ (1 << 19)

enum wire { PLAIN, TEALIGHT, SOCKETIO };
enum phase { WAITING, CONNECTING, UPGRADING, OPEN, JOINED, DEAD };

struct bytes {
  u8 *at;
  u32 size, room;
};

struct guest {
  int fd, room;
  enum phase phase;
  u32 last, inside;
  u64 began;
  struct bytes in, out, message;
  const char *path, *cookie, *hello;
};

struct room {
  struct guest *talker;
  int in_flight, is_live;
  u32 number;
};

static struct {
  enum wire wire;
  int ports[4], port_count, rooms, members, window, at_once, silent_join, idle;
  double seconds, warm, rate, settle;
  const char *path, *guests, *origin;
  int pids[8], pid_count;
} option = {.port_count = 0, .rooms = 1, .members = 2, .window = 1, .at_once = 200, .seconds = 2, .warm = 0.5,
            .settle = 0.3, .path = "/ws/%d", .origin = ""};

static struct guest *guests;
static struct room *rooms;
static int everybody, poller, joined, dead, started, is_talking, is_measuring;
static u64 now, idle, reads, deliveries, all_deliveries, messages, all_messages, gaps, repeats, refusals;
static u64 *join_times;
static u8 buffer[LARGEST_READ];

/* Time, and how often each time was seen: 32 steps per power of two. */

static u64 histogram[64 * 64], histogram_count, histogram_most;

static u64 clock_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * SECOND + t.tv_nsec;
}

static void record(u64 value) {
  int step = (int)value;
  if (value >= 64) {
    int shift = 63 - __builtin_clzll(value) - 5;
    step = (shift + 1) * 32 + (int)((value >> shift) - 32);
  }
  histogram[step]++;
  histogram_count++;
  if (value > histogram_most) histogram_most = value;
}

static double percentile_us(double part) {
  u64 wanted = (u64)(histogram_count * part), seen = 0;
  for (int step = 0; step < 64 * 64; step++) {
    seen += histogram[step];
    if (seen > wanted) return (step < 64 ? (u64)step : (u64)(step % 32 + 32) << (step / 32 - 1)) / 1000.0;
  }
  return histogram_most / 1000.0;
}

static void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  exit(2);
}

static void append(struct bytes *to, const void *data, u32 size) {
  if (to->size + size > to->room) {
    to->room = (to->size + size) * 2 + 64;
    to->at = realloc(to->at, to->room);
  }
  memcpy(to->at + to->size, data, size);
  to->size += size;
}

/* One connection */

static void lose(struct guest *guest, const char *why) {
  if (guest->phase == DEAD) return;
  if (dead++ < 3) fprintf(stderr, "a connection was lost: %s (phase %d, %s)\n", why, guest->phase, strerror(errno));
  guest->phase = DEAD;
  epoll_ctl(poller, EPOLL_CTL_DEL, guest->fd, NULL);
  close(guest->fd);
  guest->fd = -1;
}

static void watch(struct guest *guest, u32 events) {
  struct epoll_event event = {.events = events, .data.ptr = guest};
  epoll_ctl(poller, EPOLL_CTL_MOD, guest->fd, &event);
}

static void flush(struct guest *guest) {
  if (!guest->out.size || guest->phase == DEAD) return;
  ssize_t sent = send(guest->fd, guest->out.at, guest->out.size, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0 && errno != EAGAIN) {
    lose(guest, "send");
    return;
  }
  if (sent < 0) sent = 0;
  guest->out.size -= sent;
  memmove(guest->out.at, guest->out.at + sent, guest->out.size);
  if (guest->out.size) watch(guest, EPOLLIN | EPOLLOUT);
}

static void write_frame(struct guest *guest, int opcode, const void *data, u32 size) {
  static const u8 mask[4] = {0x5a, 0x17, 0xc3, 0x9e};
  u8 head[8];
  int length = 0;
  head[length++] = 0x80 | opcode;
  if (size < 126) {
    head[length++] = 0x80 | size;
  } else {
    head[length++] = 0x80 | 126;
    head[length++] = size >> 8;
    head[length++] = size;
  }
  memcpy(head + length, mask, 4);
  append(&guest->out, head, length + 4);
  append(&guest->out, data, size);
  u8 *payload = guest->out.at + guest->out.size - size;
  for (u32 i = 0; i < size; i++) payload[i] ^= mask[i & 3];
}

static void write_text(struct guest *guest, const char *text) { write_frame(guest, 1, text, strlen(text)); }

static void talk(struct room *room, u64 meant_at) {
  struct guest *guest = room->talker;
  if (!guest || guest->phase != JOINED) return;
  char body[BODY + 1], message[BODY + 128];
  int size = sprintf(body, "ts:%llu sq:%u ", (unsigned long long)(TIME_BASE + meant_at), NUMBER_BASE + ++room->number);
  while (size < BODY) {
    body[size] = 'a' + size % 26;
    size++;
  }
  body[size] = 0;
  switch (option.wire) {
    case PLAIN: sprintf(message, "{\"text\":\"%s\"}", body); break;
    case SOCKETIO: sprintf(message, "42[\"m\",{\"text\":\"%s\"}]", body); break;
    case TEALIGHT: sprintf(message, "{\"type\":\"say\",\"ref\":\"r%u\",\"text\":\"%s\"}", room->number, body); break;
  }
  write_text(guest, message);
  room->in_flight++;
  all_messages++;
  if (is_measuring) messages++;
}

static void become_joined(struct guest *guest) {
  if (guest->phase != OPEN) return;
  guest->phase = JOINED;
  join_times[joined++] = clock_ns() - guest->began;
  int number = (guest - guests) / option.rooms;
  if (number == (option.guests ? 1 : 0)) rooms[guest->room].talker = guest;
}

static u64 number_at(const u8 *at) {
  u64 value = 0;
  while (*at >= '0' && *at <= '9') value = value * 10 + (*at++ - '0');
  return value;
}

/* A copy of something that was said, or anything else that a server tells. */
static void hear(struct guest *guest, const u8 *data, u32 size) {
  struct room *room = &rooms[guest->room];
  const u8 *found = size < BODY ? NULL : memmem(data, size < 512 ? size : 512, "ts:1", 4);
  if (found) {
    u64 meant_at = number_at(found + 3) - TIME_BASE;
    u32 number = (u32)number_at(found + 3 + 19 + 4) - NUMBER_BASE;
    if (number > guest->last + 1) gaps += number - guest->last - 1;
    if (number <= guest->last) repeats++;
    guest->last = number;
    all_deliveries++;
    if (is_measuring) {
      deliveries++;
      record(now > meant_at ? now - meant_at : 0);
    }
    if (guest == room->talker) room->in_flight--;
    return;
  }
  if (option.wire == TEALIGHT) {
    if (memmem(data, size < 32 ? size : 32, "\"refused\"", 9)) {
      if (refusals++ < 3) fprintf(stderr, "refused: %.*s\n", size > 200 ? 200 : (int)size, data);
      return;
    }
    if (!is_talking) {
      const u8 *at = data, *end = data + size;
      for (; (at = memmem(at, end - at, "\"place\":\"inside\"", 16)); at += 16) guest->inside++;
      if (memmem(data, size, "\"state\":\"live\"", 14)) room->is_live = 1;
    }
  }
  if (option.wire == SOCKETIO) {
    if (data[0] == '0') {
      write_text(guest, "40");
    } else if (data[0] == '2') {
      write_text(guest, "3");
    } else if (size > 1 && data[0] == '4' && data[1] == '0') {
      char join[64];
      sprintf(join, "42[\"join\",\"%d\"]", guest->room);
      write_text(guest, join);
    } else {
      become_joined(guest);
    }
    flush(guest);
    return;
  }
  become_joined(guest);
}

static void begin(struct guest *guest) {
  int one = 1, index = guest - guests;
  guest->began = clock_ns();
  guest->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (guest->fd < 0) fail("socket: %s", strerror(errno));
  setsockopt(guest->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  setsockopt(guest->fd, SOL_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
  /* Another address per ten thousand, and per process: the ports of one are soon used up. */
  u32 block = (getpid() % 200) << 8 | (index / 10000 + 1);
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f0a0000 + (block << 8 & 0xffff00) + 1)};
  if (bind(guest->fd, (void *)&here, sizeof here)) fail("bind: %s", strerror(errno));
  /* The people of a room are at every node, and those who talk are, too: what they say costs most where they are. */
  int port = option.ports[(index / option.rooms + index % option.rooms) % option.port_count];
  struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(0x7f000001)};
  if (connect(guest->fd, (void *)&there, sizeof there) < 0 && errno != EINPROGRESS) fail("connect: %s", strerror(errno));
  guest->phase = CONNECTING;
  struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.ptr = guest};
  epoll_ctl(poller, EPOLL_CTL_ADD, guest->fd, &event);
  started++;
}

static void upgrade(struct guest *guest) {
  char path[128], extra[1024] = "", head[2048];
  snprintf(path, sizeof path, option.path, guest->room);
  if (guest->cookie)
    snprintf(extra, sizeof extra, "Origin: %s\r\nCookie: %s\r\nSec-WebSocket-Protocol: tealight.1\r\n", option.origin,
             guest->cookie);
  int size = snprintf(head, sizeof head,
                      "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n%s\r\n",
                      guest->path ? guest->path : path, extra);
  append(&guest->out, head, size);
  guest->phase = UPGRADING;
  flush(guest);
}

static void become_open(struct guest *guest) {
  guest->phase = OPEN;
  if (guest->hello) {
    write_text(guest, guest->hello);
    flush(guest);
  } else if (option.silent_join) {
    become_joined(guest);
  }
}

/* Takes one frame off; 0 when it is not all here yet. */
static u32 take_frame(struct guest *guest, const u8 *data, u32 size) {
  if (size < 2) return 0;
  u64 length = data[1] & 127;
  u32 head = length < 126 ? 2 : length == 126 ? 4 : 10;
  if (data[1] & 128) fail("a server must not mask");
  if (size < head) return 0;
  if (head == 4) length = data[2] << 8 | data[3];
  if (head == 10) length = (u64)data[6] << 24 | data[7] << 16 | data[8] << 8 | data[9];
  if (size < head + length) return 0;
  int opcode = data[0] & 15, is_last = data[0] & 0x80;
  const u8 *payload = data + head;
  if (opcode == 9) {
    write_frame(guest, 10, payload, length);
    flush(guest);
  } else if (opcode == 8) {
    fprintf(stderr, "closed with %d\n", length >= 2 ? payload[0] << 8 | payload[1] : 0);
    lose(guest, "closed by the server");
  } else if (opcode == 10) {
    ; /* a pong */
  } else if (is_last && opcode) {
    hear(guest, payload, length);
  } else {
    append(&guest->message, payload, length);
    if (is_last) {
      hear(guest, guest->message.at, guest->message.size);
      guest->message.size = 0;
    }
  }
  return head + length;
}

static void on_readable(struct guest *guest) {
  u32 size = guest->in.size, at = 0;
  if (size) memcpy(buffer, guest->in.at, size);
  ssize_t got = recv(guest->fd, buffer + size, sizeof buffer - size - 1, MSG_DONTWAIT);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) {
    lose(guest, got ? "recv" : "end of file");
    return;
  }
  reads++;
  guest->in.size = 0;
  size += got;
  if (guest->phase == UPGRADING) {
    u8 *end = memmem(buffer, size, "\r\n\r\n", 4);
    if (!end) {
      append(&guest->in, buffer, size);
      return;
    }
    if (memcmp(buffer + 9, "101", 3)) {
      fprintf(stderr, "%.*s\n", (int)(size < 160 ? size : 160), buffer);
      lose(guest, "not upgraded");
      return;
    }
    at = end + 4 - buffer;
    become_open(guest);
  }
  while (guest->phase != DEAD) {
    u32 taken = take_frame(guest, buffer + at, size - at);
    if (!taken) break;
    at += taken;
  }
  if (guest->phase == DEAD) return;
  if (at < size) append(&guest->in, buffer + at, size - at);
  struct room *room = &rooms[guest->room];
  if (is_talking && option.rate == 0 && guest == room->talker && room->in_flight < option.window) {
    while (room->in_flight < option.window) talk(room, now);
    flush(guest);
  }
}

static void turn(int timeout) {
  static struct epoll_event events[1024];
  int count = epoll_wait(poller, events, 1024, timeout);
  u64 then = now;
  now = clock_ns();
  if (!count) idle += now - then;
  for (int i = 0; i < count; i++) {
    struct guest *guest = events[i].data.ptr;
    if (guest->phase == DEAD) continue;
    if (events[i].events & (EPOLLERR | EPOLLHUP) && !(events[i].events & EPOLLIN)) {
      lose(guest, "error");
      continue;
    }
    if (events[i].events & EPOLLOUT) {
      watch(guest, EPOLLIN);
      if (guest->phase == CONNECTING)
        upgrade(guest);
      else
        flush(guest);
    }
    if (events[i].events & EPOLLIN && guest->phase != DEAD) {
      if ((i & 31) == 31) now = clock_ns();
      on_readable(guest);
    }
  }
}

/* The servers' processes */

static double cpu_seconds(int pid) {
  char path[64], file[128];
  unsigned long long sum = 0, one;
  snprintf(path, sizeof path, "/proc/%d/task", pid);
  DIR *tasks = opendir(path);
  for (struct dirent *task; tasks && (task = readdir(tasks));) {
    snprintf(file, sizeof file, "/proc/%d/task/%.20s/schedstat", pid, task->d_name);
    FILE *stat = task->d_name[0] == '.' ? NULL : fopen(file, "r");
    if (stat && fscanf(stat, "%llu", &one) == 1) sum += one;
    if (stat) fclose(stat);
  }
  if (tasks) closedir(tasks);
  return sum / 1e9;
}

static long resident_kb(void) {
  long sum = 0;
  for (int i = 0; i < option.pid_count; i++) {
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/status", option.pids[i]);
    FILE *status = fopen(path, "r");
    while (status && fgets(line, sizeof line, status))
      if (!strncmp(line, "VmRSS:", 6)) sum += atol(line + 6);
    if (status) fclose(status);
  }
  return sum;
}

static double own_cpu_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* The parts of a run */

static int compare(const void *a, const void *b) { return *(u64 *)a < *(u64 *)b ? -1 : *(u64 *)a > *(u64 *)b; }

static void arrive(int until) {
  u64 limit = clock_ns() + 120 * SECOND;
  while (joined + dead < until && now < limit) {
    while (started < until && started - joined - dead < option.at_once) begin(&guests[started]);
    turn(0);
  }
  if (joined + dead < until) fprintf(stderr, "only %d of %d could join\n", joined, until);
}

static void wait_for(double seconds) {
  for (u64 end = clock_ns() + (u64)(seconds * 1e9); now < end;) turn(1);
}

static void wait_until_live(void) {
  u64 limit = clock_ns() + 20 * SECOND;
  for (int live = 0; live < option.rooms && now < limit; turn(1)) {
    live = 0;
    for (int i = 0; i < option.rooms; i++) live += rooms[i].is_live;
  }
}

static void read_guests(void) {
  FILE *file = fopen(option.guests, "r");
  char line[4096];
  if (!file) fail("no guests at %s", option.guests);
  for (int i = 0; i < everybody; i++) {
    if (!fgets(line, sizeof line, file)) fail("%d guests are too few", i);
    line[strcspn(line, "\n")] = 0;
    guests[i].path = strdup(strtok(line, "\t"));
    guests[i].cookie = strdup(strtok(NULL, "\t"));
    guests[i].hello = strdup(strtok(NULL, "\t"));
  }
  fclose(file);
}

static int read_list(char *list, int *to, int most) {
  int count = 0;
  for (char *one = strtok(list, ","); one && count < most; one = strtok(NULL, ",")) to[count++] = atoi(one);
  return count;
}

static void read_options(int count, char **given) {
  for (int i = 1; i < count; i++) {
    char *name = given[i];
    if (!strcmp(name, "--silent-join")) { option.silent_join = 1; continue; }
    if (!strcmp(name, "--idle")) { option.idle = 1; continue; }
    if (++i == count) fail("%s needs a value", name);
    char *value = given[i];
    if (!strcmp(name, "--wire"))
      option.wire = !strcmp(value, "socketio") ? SOCKETIO : !strcmp(value, "tealight") ? TEALIGHT : PLAIN;
    else if (!strcmp(name, "--ports")) option.port_count = read_list(value, option.ports, 4);
    else if (!strcmp(name, "--pids")) option.pid_count = read_list(value, option.pids, 8);
    else if (!strcmp(name, "--rooms")) option.rooms = atoi(value);
    else if (!strcmp(name, "--members")) option.members = atoi(value);
    else if (!strcmp(name, "--window")) option.window = atoi(value);
    else if (!strcmp(name, "--at-once")) option.at_once = atoi(value);
    else if (!strcmp(name, "--rate")) option.rate = atof(value);
    else if (!strcmp(name, "--seconds")) option.seconds = atof(value);
    else if (!strcmp(name, "--warm")) option.warm = atof(value);
    else if (!strcmp(name, "--settle")) option.settle = atof(value);
    else if (!strcmp(name, "--path")) option.path = value;
    else if (!strcmp(name, "--guests")) option.guests = value;
    else if (!strcmp(name, "--origin")) option.origin = value;
    else fail("%s is no option", name);
  }
  if (!option.port_count) fail("--ports is missing");
}

int main(int count, char **given) {
  signal(SIGPIPE, SIG_IGN);
  alarm(300);
  read_options(count, given);
  everybody = option.rooms * option.members;
  guests = calloc(everybody, sizeof *guests);
  rooms = calloc(option.rooms, sizeof *rooms);
  join_times = calloc(everybody, sizeof *join_times);
  poller = epoll_create1(0);
  for (int i = 0; i < everybody; i++) guests[i].room = i % option.rooms;
  now = clock_ns();

  int first = 0;
  long rss_before = resident_kb();
  if (option.guests) {
    int at_once = option.at_once;
    read_guests();
    option.at_once = 16; /* they sign in, which takes longer, and opening the rooms is not what is measured */
    arrive(first = option.rooms); /* who facilitates comes first, or nobody gets past the lobby */
    wait_until_live();
    option.at_once = at_once;
    if (joined < first) fail("%d rooms have nobody to facilitate them", first - joined);
  }
  double cpu_before = 0, cpu_after = 0;
  for (int i = 0; i < option.pid_count; i++) cpu_before += cpu_seconds(option.pids[i]);
  u64 storm_began = clock_ns();
  int joined_before = joined;
  arrive(everybody);
  double storm = (clock_ns() - storm_began) / 1e9;
  for (int i = 0; i < option.pid_count; i++) cpu_after += cpu_seconds(option.pids[i]);
  int storm_joined = joined - joined_before;
  qsort(join_times + joined_before, storm_joined, sizeof *join_times, compare);
  wait_for(option.settle);
  long rss_joined = resident_kb();
  int right = 0;
  for (int i = first; i < everybody; i++) right += guests[i].inside == (u32)option.members + 1;
  printf("{\"rooms\":%d,\"members\":%d,\"window\":%d,\"joined\":%d,\"storm_seconds\":%.4f,\"joins_per_second\":%.0f,"
         "\"join_cpu_us\":%.1f,\"join_p50_ms\":%.2f,\"join_p99_ms\":%.2f,\"rosters_right\":%d,\"rss_before_kb\":%ld,"
         "\"rss_kb\":%ld,",
         option.rooms, option.members, option.window, joined, storm, storm_joined / storm,
         (cpu_after - cpu_before) * 1e6 / (storm_joined ? storm_joined : 1),
         storm_joined ? join_times[joined_before + storm_joined / 2] / 1e6 : 0,
         storm_joined ? join_times[joined_before + storm_joined * 99 / 100] / 1e6 : 0, right, rss_before, rss_joined);

  double cpu[8] = {0}, own_cpu = 0;
  u64 began = 0, ended, idle_before = 0, reads_before = 0;
  is_talking = !option.idle;
  if (is_talking && option.rate == 0)
    for (int i = 0; i < option.rooms; i++)
      for (int in_flight = 0; rooms[i].talker && in_flight < option.window; in_flight++) {
        talk(&rooms[i], now = clock_ns());
        flush(rooms[i].talker);
      }
  u64 talking_since = now = clock_ns(), said = 0, warm_until = now + (u64)(option.warm * 1e9), until = 0;
  double apart = option.rate > 0 ? 1e9 / (option.rate * option.rooms) : 0;
  for (;;) {
    if (!is_measuring && now >= warm_until) {
      is_measuring = 1;
      for (int i = 0; i < option.pid_count; i++) cpu[i] = -cpu_seconds(option.pids[i]);
      idle_before = idle;
      reads_before = reads;
      own_cpu = own_cpu_seconds();
      began = now = clock_ns();
      until = began + (u64)(option.seconds * 1e9);
    }
    if (is_measuring && now >= until) break;
    if (is_talking && apart > 0)
      for (int burst = 0; burst < 64 && talking_since + (u64)(said * apart) <= now; burst++, said++) {
        struct room *room = &rooms[said % option.rooms];
        talk(room, talking_since + (u64)(said * apart));
        if (room->talker) flush(room->talker);
      }
    turn(option.idle ? 20 : 0);
  }
  ended = now;
  for (int i = 0; i < option.pid_count; i++) cpu[i] += cpu_seconds(option.pids[i]);
  own_cpu = own_cpu_seconds() - own_cpu;
  is_measuring = is_talking = 0;
  double seconds = (ended - began) / 1e9;
  u64 wanted = all_messages * option.members, patience = clock_ns() + 3 * SECOND;
  u64 idle_share_of = idle - idle_before, reads_then = reads - reads_before;
  while (now < patience && all_deliveries < wanted) turn(1);

  printf("\"seconds\":%.4f,\"deliveries\":%llu,\"messages\":%llu,\"p50_us\":%.1f,\"p95_us\":%.1f,\"p99_us\":%.1f,"
         "\"most_us\":%.1f,\"load_idle\":%.3f,\"load_cpu\":%.3f,\"lost\":%lld,\"gaps\":%llu,\"repeats\":%llu,"
         "\"refused\":%llu,\"dead\":%d,\"reads\":%llu,\"rss_after_kb\":%ld,\"cpu\":[",
         seconds, (unsigned long long)deliveries, (unsigned long long)messages, percentile_us(0.5), percentile_us(0.95),
         percentile_us(0.99), histogram_most / 1000.0, idle_share_of / (double)(ended - began), own_cpu / seconds,
         (long long)(wanted - all_deliveries), (unsigned long long)gaps, (unsigned long long)repeats,
         (unsigned long long)refusals, dead, (unsigned long long)reads_then, resident_kb());
  for (int i = 0; i < option.pid_count; i++) printf("%s%.6f", i ? "," : "", cpu[i]);
  printf("]}\n");
  fflush(stdout);
  struct linger at_once = {1, 0}; /* no TIME_WAIT: the next run needs the ports */
  for (int i = 0; i < everybody; i++)
    if (guests[i].fd > 0 && guests[i].phase != DEAD) {
      setsockopt(guests[i].fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      close(guests[i].fd);
    }
  return 0;
}
