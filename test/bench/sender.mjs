// Makes flows: so many whose packets nobody answers, so many with an answer. Runs inside the benchmark's namespace.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const [unanswered, answered] = process.argv.slice(2).map(Number);
const SERVERS = 100;
const SOURCES = 65_536;
const PAYLOAD = Buffer.alloc(1000, 'x');
/** Packets under way at once: enough to keep the kernel busy, not enough to overrun a socket's buffer. */
const WINDOW = 200;

await sendUnanswered(unanswered);
await sendAnswered(answered);
process.exit(0);

/**
 * Every address of 10.35.0.0/16 sends as many, or one more: destinations of different lengths and all ports, the same in
 * every run. Payloads differ, so that flows can be sorted by their bytes.
 */
async function sendUnanswered(count) {
  const each = Math.floor(count / SOURCES);
  await windowed(Math.min(SOURCES, count), async (index, done) => {
    const sender = await socket(`10.35.${index >>> 8}.${index & 255}`, 1024 + ((index * 997) % 60_000));
    const packets = each + (index < count % SOURCES ? 1 : 0);
    let waiting = packets;
    for (let i = 0; i < packets; i++) {
      // Multiplication by an odd number permutes the 22 bits, so no address repeats with the same sender and port.
      const host = (Math.imul(index * 16 + i, 2654435761) >>> 0) % (1 << 22);
      const address = `10.${128 + (host >>> 16)}.${(host >>> 8) & 255}.${host & 255}`;
      sender.send(
        PAYLOAD.subarray(0, 1 + ((index * 31 + i * 7) % PAYLOAD.length)),
        1 + ((index * 7919 + i) % 65_535),
        address,
        () => {
          if (--waiting === 0) sender.close(done);
        },
      );
    }
  });
}

async function sendAnswered(count) {
  const servers = await Promise.all(Array.from({ length: SERVERS }, (_, index) => socket(`10.36.0.${1 + index}`, 53)));
  for (const server of servers) server.on('message', (message, from) => server.send(message, from.port, from.address));
  const clients = await Promise.all(
    Array.from({ length: Math.ceil(count / SERVERS) }, (_, index) => socket(`10.35.${index % 200}.7`, 20_000 + index)),
  );
  const waiting = clients.map(() => []);
  clients.forEach((client, index) => {
    client.on('message', () => waiting[index].shift()?.());
  });
  await windowed(count, (index, done) => {
    const client = Math.floor(index / SERVERS);
    waiting[client].push(done);
    clients[client].send('x', 53, `10.36.0.${1 + (index % SERVERS)}`);
  });
}

function windowed(count, start) {
  return new Promise((resolve) => {
    let started = 0;
    let finished = 0;
    const next = () => {
      while (started < count && started - finished < WINDOW) start(started++, done);
      if (finished === count) resolve();
    };
    const done = () => {
      finished += 1;
      if (finished % WINDOW === 0 || finished === count) setImmediate(next);
      else if (started - finished < WINDOW / 2) next();
    };
    next();
  });
}

async function socket(address, port) {
  const made = createSocket('udp4');
  made.on('error', () => undefined);
  made.bind(port, address);
  await once(made, 'listening');
  return made;
}
