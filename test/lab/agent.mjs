// The traffic program of the lab: runs inside a namespace and does what it is told, one JSON object a line on standard
// input, one answer a line on standard output. It ends with its standard input, so it never outlives the lab.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const connections = new Map();

const orders = {
  /** Answers on these ports by sending everything back, over IPv4 and IPv6. */
  async echo({ tcp = [], udp = [] }) {
    for (const port of tcp) {
      const server = createServer((socket) => {
        socket.on('error', () => socket.destroy());
        socket.pipe(socket);
      });
      server.listen(port, '::');
      await once(server, 'listening');
    }
    for (const port of udp) {
      const socket = createSocket({ type: 'udp6' });
      socket.on('message', (message, from) => socket.send(message, from.port, from.address));
      socket.bind(port, '::');
      await once(socket, 'listening');
    }
    return {};
  },

  /** Opens a TCP connection and keeps it. */
  async open({ name, host, port, from, seconds }) {
    const socket = connect({ host, port, localAddress: from });
    socket.setNoDelay(true);
    await inTime(once(socket, 'connect'), seconds, `connection to ${host} port ${port}`, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    connections.set(name, socket);
    return { localAddress: socket.localAddress, localPort: socket.localPort };
  },

  /** Sends bytes over a kept connection and waits until as many have come back. */
  async talk({ name, bytes, seconds }) {
    const socket = connections.get(name);
    if (socket === undefined || socket.destroyed) throw new Error(`connection ${name} is closed`);
    await inTime(exchange(socket, bytes), seconds, `${bytes} bytes back on connection ${name}`);
    return {};
  },

  async close({ name }) {
    const socket = connections.get(name);
    connections.delete(name);
    if (socket === undefined || socket.destroyed) return {};
    const closed = once(socket, 'close');
    socket.end();
    await Promise.race([closed, sleep(2000, undefined, { ref: false })]);
    socket.destroy();
    return {};
  },

  /** Begins a TCP connection whose end it does not wait for, as to a host that is off. */
  async knock({ host, port, from }) {
    const socket = connect({ host, port, localAddress: from });
    socket.on('error', () => socket.destroy());
    connections.set(`knock ${host} ${port} ${connections.size}`, socket);
    await sleep(50);
    return { localPort: socket.localPort };
  },

  /** Sends datagrams from `count` sockets of their own; with `replies`, waits until each socket got its answers. */
  async datagrams({ host, port, from, count, packets, replies, seconds }) {
    const ports = [];
    for (let index = 0; index < count; index += 1) {
      const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
      socket.bind(0, from);
      await once(socket, 'listening');
      ports.push(socket.address().port);
      const answered = replies ? answers(socket, packets) : sleep(0);
      for (let packet = 0; packet < packets; packet += 1) socket.send(`datagram ${packet}`, port, host);
      await inTime(answered, seconds, `answers from ${host} port ${port}`);
      socket.close();
    }
    return { localPorts: ports };
  },

  /**
   * Makes new UDP flows for so many milliseconds, aimed at so many a second: each socket sends one datagram to each of the
   * ports and is closed once it has its answers. Its own port was last used as many sockets ago as there are ports. What a
   * slow machine can't make in time is not made up for.
   */
  async flood({ host, ports, from, perSecond, milliseconds }) {
    let begun = 0;
    const start = performance.now();
    const open = new Set();
    for (let now = 0; now < milliseconds; now = performance.now() - start) {
      const due = Math.min((perSecond * (now + TICK)) / 1000, begun + perSecond / 4);
      while (begun < due) {
        begun += ports.length;
        const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
        flooded = (flooded + 1) % PORTS;
        open.add(socket);
        const close = () => open.delete(socket) && socket.close();
        socket.on('error', close);
        answers(socket, ports.length).then(close);
        socket.bind(FIRST_PORT + flooded, from, () => ports.forEach((port) => socket.send('datagram', port, host)));
      }
      await sleep(TICK);
    }
    for (const socket of open) socket.close();
    return { flows: begun };
  },
};

/** Milliseconds between two handfuls of flows. */
const TICK = 20;
/** Ports of the sockets that make a flood. */
const FIRST_PORT = 10_000;
const PORTS = 50_000;
let flooded = 0;

function exchange(socket, bytes) {
  return new Promise((resolve, reject) => {
    let missing = bytes;
    const finish = (error) => {
      socket.off('data', receive);
      socket.off('close', broken);
      if (error) reject(error);
      else resolve();
    };
    const broken = () => finish(new Error('the connection was closed'));
    const receive = (chunk) => {
      missing -= chunk.length;
      if (missing <= 0) finish();
    };
    socket.on('data', receive);
    socket.on('close', broken);
    socket.write(Buffer.alloc(bytes, 'ctsync '));
  });
}

function answers(socket, wanted) {
  return new Promise((resolve) => {
    let got = 0;
    socket.on('message', () => {
      got += 1;
      if (got === wanted) resolve();
    });
  });
}

async function inTime(promise, seconds, what, giveUp = () => {}) {
  const late = new AbortController();
  const deadline = sleep(seconds * 1000, undefined, { signal: late.signal }).then(
    () => {
      giveUp();
      throw new Error(`no ${what} within ${seconds} s`);
    },
    () => undefined,
  );
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    late.abort();
  }
}

function answer(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

process.stdout.on('error', () => process.exit(0));
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const { number, order, ...details } = JSON.parse(line);
  orders[order](details).then(
    (result) => answer({ number, result }),
    (error) => answer({ number, error: error.message }),
  );
});
lines.on('close', () => process.exit(0));
