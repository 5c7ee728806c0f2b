/* The limit: the least that any server has to do to carry what is said in a room to everybody in it.
 *
 * One thread, epoll, no rule, no check of what is said: a frame comes in and goes out to the members of the room as it is.
 * "at-once" sends every message by itself. "together" gathers what one turn of the loop brought to a room and sends it to
 * each member at once, which is what a busy server may do. Speaks as much WebSocket as `load.c` needs, and trusts it.
 *
 * usage: limit PORT at-once|together
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;

#define MOST_ROOMS 32768

struct bytes {
  u8 *at;
  u32 size, room;
};

struct member {
  int fd, room, place, is_open, is_stuck;
  struct bytes in, out;
};

struct room {
  struct member **members;
  int count, capacity, is_dirty;
  struct bytes said;
};

static struct room rooms[MOST_ROOMS], *dirty[MOST_ROOMS];
static int poller, together, dirty_count;

static void append(struct bytes *to, const void *data, u32 size) {
  if (to->size + size > to->room) {
    to->room = (to->size + size) * 2 + 256;
    to->at = realloc(to->at, to->room);
  }
  memcpy(to->at + to->size, data, size);
  to->size += size;
}

/* SHA-1 and Base64, for the handshake */

static u32 rolled(u32 value, int by) { return value << by | value >> (32 - by); }

static void sha1(const u8 *data, u32 size, u8 digest[20]) {
  u32 state[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  u8 padded[192] = {0};
  u32 total = ((size + 8) / 64 + 1) * 64;
  memcpy(padded, data, size);
  padded[size] = 0x80;
  for (int i = 0; i < 8; i++) padded[total - 1 - i] = (size * 8ULL) >> (8 * i);
  for (u32 block = 0; block < total; block += 64) {
    u32 w[80], a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
    for (int i = 0; i < 16; i++)
      w[i] = (u32)padded[block + 4 * i] << 24 | padded[block + 4 * i + 1] << 16 | padded[block + 4 * i + 2] << 8 |
             padded[block + 4 * i + 3];
    for (int i = 16; i < 80; i++) w[i] = rolled(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    for (int i = 0; i < 80; i++) {
      u32 f, k;
      if (i < 20) f = (b & c) | (~b & d), k = 0x5A827999;
      else if (i < 40) f = b ^ c ^ d, k = 0x6ED9EBA1;
      else if (i < 60) f = (b & c) | (b & d) | (c & d), k = 0x8F1BBCDC;
      else f = b ^ c ^ d, k = 0xCA62C1D6;
      u32 next = rolled(a, 5) + f + e + k + w[i];
      e = d, d = c, c = rolled(b, 30), b = a, a = next;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e;
  }
  for (int i = 0; i < 20; i++) digest[i] = state[i / 4] >> (24 - 8 * (i % 4));
}

static void base64(const u8 *data, int size, char *to) {
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int i = 0; i < size; i += 3) {
    u32 three = data[i] << 16 | (i + 1 < size ? data[i + 1] << 8 : 0) | (i + 2 < size ? data[i + 2] : 0);
    *to++ = letters[three >> 18 & 63];
    *to++ = letters[three >> 12 & 63];
    *to++ = i + 1 < size ? letters[three >> 6 & 63] : '=';
    *to++ = i + 2 < size ? letters[three & 63] : '=';
  }
  *to = 0;
}

/* Members */

static void watch(struct member *member, int is_stuck) {
  struct epoll_event event = {EPOLLIN | (is_stuck ? EPOLLOUT : 0), {.ptr = member}};
  epoll_ctl(poller, EPOLL_CTL_MOD, member->fd, &event);
  member->is_stuck = is_stuck;
}

static void drop(struct member *member) {
  if (member->fd < 0) return;
  close(member->fd);
  member->fd = -1;
  if (!member->is_open) return;
  struct room *room = &rooms[member->room];
  struct member *last = room->members[--room->count];
  room->members[member->place] = last;
  last->place = member->place;
}

static void tell(struct member *member, const u8 *data, u32 size) {
  ssize_t sent = 0;
  if (!member->out.size) {
    sent = send(member->fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent == (ssize_t)size) return;
    if (sent < 0 && errno != EAGAIN) return;
    if (sent < 0) sent = 0;
  }
  append(&member->out, data + sent, size - sent);
  if (!member->is_stuck) watch(member, 1);
}

static void drain(struct member *member) {
  ssize_t sent = send(member->fd, member->out.at, member->out.size, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0) return;
  member->out.size -= sent;
  memmove(member->out.at, member->out.at + sent, member->out.size);
  if (!member->out.size) watch(member, 0);
}

static void tell_all(struct room *room, const u8 *data, u32 size) {
  for (int i = 0; i < room->count; i++) tell(room->members[i], data, size);
}

static void carry(struct room *room, const u8 *payload, u32 size) {
  u8 frame[65600];
  u32 head = 2;
  frame[0] = 0x81;
  frame[1] = size;
  if (size > 125) {
    frame[1] = 126;
    frame[2] = size >> 8;
    frame[3] = size;
    head = 4;
  }
  memcpy(frame + head, payload, size);
  if (!together) {
    tell_all(room, frame, head + size);
    return;
  }
  append(&room->said, frame, head + size);
  if (!room->is_dirty) dirty[dirty_count++] = room;
  room->is_dirty = 1;
}

static void carry_together(void) {
  for (int i = 0; i < dirty_count; i++) {
    tell_all(dirty[i], dirty[i]->said.at, dirty[i]->said.size);
    dirty[i]->said.size = dirty[i]->is_dirty = 0;
  }
  dirty_count = 0;
}

/* What comes in */

static u32 take_request(struct member *member) {
  u8 *end = memmem(member->in.at, member->in.size, "\r\n\r\n", 4);
  if (!end) return 0;
  static const char name[] = "Sec-WebSocket-Key: ", magic[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  u8 keyed[24 + 36], digest[20], *key = memmem(member->in.at, member->in.size, name, sizeof name - 1);
  if (!key || key + sizeof name + 24 > end) {
    drop(member);
    return 0;
  }
  memcpy(keyed, key + sizeof name - 1, 24);
  memcpy(keyed + 24, magic, 36);
  sha1(keyed, sizeof keyed, digest);
  char accept[32], answer[256];
  base64(digest, 20, accept);
  int size = sprintf(answer,
                     "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Accept: %s\r\n\r\n\x81\x11{\"type\":\"joined\"}",
                     accept);
  u8 *number = memchr(member->in.at + 5, ' ', 64);
  if (!number) {
    drop(member);
    return 0;
  }
  while (number[-1] != '/') number--;
  member->room = atoi((char *)number) % MOST_ROOMS;
  struct room *room = &rooms[member->room];
  if (room->count == room->capacity) {
    room->capacity = room->capacity * 2 + 16;
    room->members = realloc(room->members, room->capacity * sizeof *room->members);
  }
  member->place = room->count;
  room->members[room->count++] = member;
  member->is_open = 1;
  tell(member, (u8 *)answer, size);
  return end + 4 - member->in.at;
}

static u32 take_frame(struct member *member, u8 *data, u32 left) {
  if (left < 6) return 0;
  u32 size = data[1] & 127, head = 6;
  if (size == 127) {
    drop(member);
    return 0;
  }
  if (size == 126) {
    if (left < 8) return 0;
    size = data[2] << 8 | data[3];
    head = 8;
  }
  if (left < head + size) return 0;
  u32 mask;
  memcpy(&mask, data + head - 4, 4);
  u64 wide = mask | (u64)mask << 32, eight;
  u8 *payload = data + head, *key = data + head - 4;
  u32 i = 0;
  for (; i + 8 <= size; i += 8) {
    memcpy(&eight, payload + i, 8);
    eight ^= wide;
    memcpy(payload + i, &eight, 8);
  }
  for (; i < size; i++) payload[i] ^= key[i & 3];
  int opcode = data[0] & 15;
  if (opcode == 1) carry(&rooms[member->room], payload, size);
  if (opcode == 8) drop(member);
  return head + size;
}

static void on_readable(struct member *member) {
  static u8 fresh[65536];
  ssize_t got = recv(member->fd, fresh, sizeof fresh, MSG_DONTWAIT);
  if (got <= 0) {
    if (got == 0 || errno != EAGAIN) drop(member);
    return;
  }
  append(&member->in, fresh, got);
  u32 at = member->is_open ? 0 : take_request(member);
  for (u32 taken; member->is_open && member->fd >= 0; at += taken)
    if (!(taken = take_frame(member, member->in.at + at, member->in.size - at))) break;
  member->in.size -= at;
  memmove(member->in.at, member->in.at + at, member->in.size);
  if (!member->in.size) {
    free(member->in.at);
    member->in = (struct bytes){0};
  }
}

static void let_in(int door) {
  for (int fd, one = 1; (fd = accept4(door, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct member *member = calloc(1, sizeof *member);
    member->fd = fd;
    struct epoll_event event = {EPOLLIN, {.ptr = member}};
    epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
  }
}

int main(int count, char **given) {
  static struct epoll_event events[1024];
  if (count != 3) return 2;
  signal(SIGPIPE, SIG_IGN);
  together = !strcmp(given[2], "together");
  int door = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
  setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  struct sockaddr_in here = {
      .sin_family = AF_INET, .sin_port = htons(atoi(given[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(door, (void *)&here, sizeof here) < 0 || listen(door, 4096) < 0) {
    perror("limit");
    return 1;
  }
  poller = epoll_create1(0);
  struct epoll_event event = {EPOLLIN, {.ptr = NULL}};
  epoll_ctl(poller, EPOLL_CTL_ADD, door, &event);
  for (;;) {
    int ready = epoll_wait(poller, events, 1024, -1);
    for (int i = 0; i < ready; i++) {
      struct member *member = events[i].data.ptr;
      if (!member) {
        let_in(door);
        continue;
      }
      if (member->fd >= 0 && events[i].events & EPOLLOUT) drain(member);
      if (member->fd >= 0 && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) on_readable(member);
    }
    carry_together();
  }
}
