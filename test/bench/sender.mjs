// Makes flows: so many whose packets nobody answers, so many with an answer. Runs inside the benchmark's namespace.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const [unanswered, answered] = process.argv.slice(2).map(Number);
const SERVERS = 100;
/** Packets under way at once: enough to keep the kernel busy, not enough to overrun a socket's buffer. */
const WINDOW = 200;

await sendUnanswered(unanswered);
await sendAnswered(answered);
process.exit(0);

/** Addresses of different lengths and all ports, the same in every run. */
async function sendUnanswered(count) {
  const senders = await Promise.all(
    Array.from({ length: 64 }, (_, index) => socket(`10.35.${index % 8}.${1 + index * 3}`, 1024 + index * 997)),
  );
  await windowed(count, (index, done) => {
    // Multiplication by an odd number permutes the 22 bits, so no address repeats with the same sender and port.
    const host = (Math.imul(index >>> 6, 2654435761) >>> 0) % (1 << 22);
    const address = `10.${128 + (host >>> 16)}.${(host >>> 8) & 255}.${host & 255}`;
    senders[index % senders.length].send('x', 1 + ((index * 7919) % 65_535), address, done);
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
