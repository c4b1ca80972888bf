// A name server for tests, on 127.0.0.1:53 of a sandbox. What it says of an address depends on its last part:
//   1: a name                     2: nothing, ever              3: that there is no name
//   4: a name that would clear the screen   5: an address for a name   all others: host-N.example
import { createSocket } from 'node:dgram';
import { writeFileSync } from 'node:fs';

const NAMES = { 1: ['web', 'example'], 4: ['evil\u001b[2J', 'example'], 5: ['203', '0', '113', '99'] };
const NO_NAME = 3;

const socket = createSocket('udp4');
let asked = 0;

socket.on('message', (query, from) => {
  asked++;
  writeFileSync('/mnt/asked', String(asked));
  const last = Number(/^\d+/.exec(query.toString('latin1', 13, 13 + query[12])));
  if (last === 2 || process.argv[2] === 'silent') return;
  socket.send(answer(query, last), from.port, from.address);
});
socket.bind(53, '127.0.0.1', () => writeFileSync('/mnt/asked', '0'));

/** The question again, and behind it a PTR record whose name is that of the question. */
function answer(query, last) {
  const found = last !== NO_NAME;
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(found ? 0x8180 : 0x8183, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(found ? 1 : 0, 6);
  header.writeUInt32BE(0, 8);
  const question = query.subarray(12, query.indexOf(0, 12) + 5);
  if (!found) return Buffer.concat([header, question]);
  const name = labels(NAMES[last] ?? [`host-${last}`, 'example']);
  const record = Buffer.from([0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 60, 0, name.length]);
  return Buffer.concat([header, question, record, name]);
}

function labels(words) {
  const parts = words.flatMap((word) => [Buffer.from([word.length]), Buffer.from(word, 'latin1')]);
  return Buffer.concat([...parts, Buffer.from([0])]);
}
