import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Link } from '../../static/js/link.js';
import { Events, instead, load, MOST, Stream } from '../../static/js/stream.js';
import { Socket, welcome, World } from './world.mjs';

/** The other end: one answer that goes on, and posts that are answered when the test says so. */
class Server {
  requests = [];
  posts = [];

  ask = (address, how) => new Promise((answer, fail) => {
    const request = { address, ...how, answer: (status, body) => answer(new Response(body, { status })), fail: () => fail(new TypeError()) };
    how.signal?.addEventListener('abort', () => { this.down?.error(how.signal.reason); fail(how.signal.reason); }, { once: true });
    this.requests.push(request);
    if (address.endsWith('/post')) this.posts.push(request);
    else answer(new Response(new ReadableStream({ start: (down) => { this.down = down; } })));
  });

  sends(text) {
    this.down.enqueue(new TextEncoder().encode(text));
    return this.settles();
  }

  frame(frame) {
    return this.sends(`data: ${JSON.stringify(frame)}\n\n`);
  }

  async settles() {
    for (let turns = 0; turns < 8; turns += 1) await turn();
  }
}

async function stream({ named = true } = {}) {
  const [server, world, heard, closed] = [new Server(), new World(), [], []];
  const made = new Stream('/live/s', server.ask, world);
  made.onopen = () => made.send('{"type":"hello"}');
  made.onmessage = ({ data }) => heard.push(JSON.parse(data));
  made.onclose = ({ code }) => closed.push(code);
  await server.settles();
  if (named) await server.sends('event: stream\ndata: a-name\n\n');
  return { server, world, stream: made, heard, closed };
}

test('events are put together from any pieces, and what is none of ours is passed over', () => {
  const whole = 'event: stream\ndata: n\n\n: a comment\n\ndata: {"a":"b: c"}\n\nretry: 5\ndata: last\n\ndata: half';
  for (let size = 1; size < whole.length; size += 1) {
    const events = new Events();
    const found = [];
    for (let at = 0; at < whole.length; at += size) found.push(...events.take(whole.slice(at, at + size)));
    assert.deepEqual(found.filter(({ data }) => data), [
      { event: 'stream', data: 'n' },
      { event: '', data: '{"a":"b: c"}' },
      { event: '', data: 'last' },
    ]);
  }
});

test('a letter that is cut in two on the way is one letter', async () => {
  const { server, heard } = await stream();
  const bytes = new TextEncoder().encode('data: {"type":"said","seq":1,"text":"🍵"}\n\n');
  for (const byte of bytes) server.down.enqueue(Uint8Array.of(byte));
  await server.settles();
  await server.settles();
  assert.equal(heard[0]?.text, '🍵');
});

test('a post holds as many as fit, in their order, and never more than its bound', () => {
  const long = 'é'.repeat(MOST / 2 - 20);
  const texts = ['a', long, 'b', 'x'.repeat(60), 'y'.repeat(MOST), 'c'];
  const posts = [];
  const all = [...texts];
  while (texts.length) posts.push(load(texts));
  assert.deepEqual(posts.flat(), all);
  assert.deepEqual(posts.map((post) => post.length), [3, 1, 1, 1]);
  for (const post of posts) assert.ok(new TextEncoder().encode(post.join('\n')).length <= MOST);
});

test('the greeting opens it, and nothing that anybody types stands in an address', async () => {
  const { server, stream: it } = await stream();
  it.send('{"type":"say","text":"secret"}');
  const [opening, post] = server.requests;
  assert.deepEqual([opening.address, opening.method, opening.body], ['/live/s/stream', 'POST', '{"type":"hello"}']);
  assert.deepEqual([post.address, post.body, post.headers['tealight-stream']], ['/live/s/post', '{"type":"say","text":"secret"}', 'a-name']);
  for (const { cache, redirect, headers } of server.requests) {
    assert.deepEqual([cache, redirect, headers['tealight-protocol']], ['no-store', 'error', 'tealight.1']);
  }
});

test('one post is on its way at a time, and what waits for it goes together, in its order', async () => {
  const { server, stream: it } = await stream();
  for (let n = 0; n < 16; n += 1) it.send(`${n}`);
  assert.deepEqual(server.posts.map(({ body }) => body), ['0']);
  server.posts[0].answer(204, null);
  await server.settles();
  assert.deepEqual(server.posts[1].body.split('\n'), Array.from({ length: 15 }, (_, n) => `${n + 1}`));
});

test('at every beat it gives a sign of life', async () => {
  const { server } = await stream();
  await server.frame({ type: 'beat', at: null, now: 0 });
  assert.deepEqual(server.posts.map(({ body }) => body), ['']);
  server.posts[0].answer(204, null);
  await server.frame({ type: 'said', seq: 1 });
  assert.equal(server.posts.length, 1);
});

test('an answer from another server waits for what it is about', async () => {
  const { server, stream: it, heard } = await stream();
  await server.frame(welcome({ at: { epoch: 'e', seq: 4 } }));
  it.send('{"type":"say","ref":"a"}');
  server.posts[0].answer(200, '{"type":"ack","ref":"a","seq":6}\n{"type":"refused","ref":"b","why":"quieted"}\n{"type":"ack","ref":"c","seq":null}');
  await server.settles();
  await server.frame({ type: 'said', seq: 5 });
  await server.frame({ type: 'said', seq: 6 });
  assert.deepEqual(heard.map(({ type, ref, seq }) => ref ?? seq ?? type), ['welcome', 'b', 'c', 5, 6, 'a']);
});

test('a goodbye has its code; an answer that just ends has none', async () => {
  const over = await stream();
  await over.server.sends('event: close\ndata: {"code":4003}\n\n');
  assert.deepEqual([over.closed, over.server.requests.length], [[4003], 1]);

  const cut = await stream();
  cut.server.down.close();
  await cut.server.settles();
  assert.deepEqual(cut.closed, [1006]);
});

test('a stream that is refused, and a network that is gone, are a broken connection', async () => {
  for (const ask of [() => Promise.resolve(new Response('', { status: 403 })), () => Promise.reject(new TypeError())]) {
    const closed = [];
    const it = new Stream('/live/s', ask, new World());
    it.onopen = () => it.send('hello');
    it.onclose = ({ code }) => closed.push(code);
    for (let turns = 0; turns < 8; turns += 1) await turn();
    assert.deepEqual(closed, [1006]);
  }
});

test('a post that says there is no such stream lets the goodbye come first', async () => {
  const first = await stream();
  first.stream.send('a');
  first.stream.send('b');
  first.server.posts[0].answer(410);
  await first.server.settles();
  assert.deepEqual([first.closed, first.server.posts.length], [[], 1]);
  await first.server.sends('event: close\ndata: {"code":4000}\n\n');
  first.world.pass(10_000);
  assert.deepEqual(first.closed, [4000]);

  const second = await stream();
  second.stream.send('a');
  second.server.posts[0].answer(404);
  await second.server.settles();
  second.world.pass(1000);
  assert.deepEqual(second.closed, [1006]);
});

test('a server that is out of breath ends nothing', async () => {
  const { server, stream: it, closed } = await stream();
  it.send('a');
  server.posts[0].answer(503);
  await server.settles();
  it.send('b');
  assert.equal(server.posts[1].body, 'b');
  assert.deepEqual(closed, []);
});

test('a post that fails, or that nobody answers, is a broken connection', async () => {
  const failed = await stream();
  failed.stream.send('a');
  failed.server.posts[0].fail();
  await failed.server.settles();
  assert.deepEqual(failed.closed, [1006]);

  const silent = await stream();
  silent.stream.send('a');
  silent.world.pass(10_000);
  assert.deepEqual(silent.closed, [1006]);
});

test('what no post may hold is not sent at all', async () => {
  const { server, stream: it, closed } = await stream();
  it.send(`"${'é'.repeat(MOST / 2)}"`);
  assert.deepEqual([server.posts.length, closed], [0, [1009]]);
});

test('closed by us, it gives up everything at once and says nothing more', async () => {
  const { server, stream: it, heard, closed } = await stream();
  it.send('on its way');
  it.send('waits');
  it.close();
  const [opening, post, gone, ...more] = server.requests;
  assert.deepEqual([opening.signal.aborted, post.signal.aborted, more], [true, true, []]);
  // Its last request outlives the page, and holds nothing.
  assert.deepEqual([gone.address, gone.body, gone.keepalive, gone.signal], ['/live/s/gone', '', true, null]);
  assert.equal(gone.headers['tealight-stream'], 'a-name');
  await server.settles();
  assert.deepEqual([heard, closed, server.posts.length], [[], [], 1]);
});

test('closed before it was opened, it asks for nothing', async () => {
  const server = new Server();
  const it = new Stream('/live/s', server.ask, new World());
  it.onopen = () => it.send('hello');
  it.close();
  await server.settles();
  assert.equal(server.requests.length, 0);
});

// When it is chosen

function barred() {
  const [world, sockets] = [new World(), []];
  world.random = () => 1;
  const link = new Link(() => sockets[sockets.push(new Socket()) - 1], () => ({ at: null }), world);
  const times = { barred: 0 };
  link.addEventListener('barred', () => { times.barred += 1; });
  link.start();
  return { world, link, sockets, times };
}

test('a socket that broke before a welcome is barred; one that was told why, or had been welcomed, is not', () => {
  const { world, sockets, times } = barred();
  sockets[0].breaks();
  assert.equal(times.barred, 1);
  world.pass(1000);
  sockets[1].opens();
  sockets[1].breaks(1013);
  assert.equal(times.barred, 1);
  world.pass(2000);
  sockets[2].opens();
  sockets[2].brings(welcome());
  sockets[2].breaks();
  assert.equal(times.barred, 1);
});

test('after two that were barred while our server answered, the stream is used, and at once', async () => {
  const { link, sockets } = barred();
  const before = globalThis.fetch;
  const asked = [];
  globalThis.fetch = (address) => { asked.push(address); return new Promise(() => {}); };
  try {
    sockets[0].breaks();
    instead(link, '/live/s');
    await turn();
    assert.deepEqual([asked, sockets.length], [[], 1]);
    instead(link, '/live/s');
    await turn();
    assert.deepEqual(asked, ['/live/s/stream']);
    link.stop();
  } finally {
    globalThis.fetch = before;
  }
});

test('a stream that is refused as well is asked for later and later', async () => {
  const { world, link, sockets } = barred();
  const before = globalThis.fetch;
  const asked = [];
  globalThis.fetch = (address) => { asked.push(address); return Promise.resolve(new Response('', { status: 403 })); };
  link.addEventListener('barred', () => instead(link, '/live/s'));
  const settles = async () => { for (let turns = 0; turns < 8; turns += 1) await turn(); };
  try {
    sockets[0].breaks();
    world.pass(1000);
    sockets[1].breaks();
    await settles();
    for (const wait of [4000, 8000, 16_000]) {
      const times = asked.length;
      world.pass(wait - 1);
      await settles();
      assert.equal(asked.length, times);
      world.pass(1);
      await settles();
      assert.equal(asked.length, times + 1);
    }
  } finally {
    globalThis.fetch = before;
  }
});

test('a welcome in between begins the count anew, and what is open is left alone', () => {
  const { world, link, sockets } = barred();
  sockets[0].breaks();
  instead(link, '/live/s');
  world.pass(1000);
  sockets[1].opens();
  sockets[1].brings(welcome());
  assert.equal(link.barred, 0);
  sockets[1].breaks();
  instead(link, '/live/s');
  assert.equal(link.barred, 1);
  world.pass(2000);
  assert.equal(sockets.length, 3, 'it is a socket that is tried');
});
