import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { type Bundle } from '../../../src/bundle/archive/bundle.js';
import { openBundle } from '../../../src/bundle/archive/open.js';
import { BundleWriter } from '../../../src/bundle/archive/write.js';
import { collectBundle } from '../../../src/bundle/collect/collect.js';
import type { BundleManifest } from '../../../src/model/bundle.js';
import type { Place } from '../../../src/sources/place.js';

const HOST = 'fw-seed7';
const ADDRESSES = ['10.77.66.55', '203.0.77.9', '2001:470:1f0b:77::5'];
const NAMES = [HOST, 'fw-seed7.corp-seed.example', 'mallory', '52:54:00:ab:cd:ef'];
const SECRETS = ['hunter2x', 's3cr3tcommunity', 'c2VlZGVkLXByaXZhdGUta2V5LXZhbHVl'];
const TIME = new Date('2026-11-26T04:00:00.000Z');

/** Something of every kind that must not leave the host, as the tools and files of a host have it. */
const SEEDED = `ipv4     2 udp      17 29 src=10.77.66.55 dst=203.0.77.9 sport=5 dport=53 packets=1 bytes=60 src=203.0.77.9 dst=10.77.66.55 sport=53 dport=5 packets=1 bytes=60 use=1 id=7
ipv6     10 tcp      6 7 ESTABLISHED src=2001:470:1f0b:77::5 dst=2001:470:1f0b:77::5 sport=5 dport=53 use=1 id=8
[Thu Nov 26 04:00:00 2026] (pid=1) [notice] committed for 10.77.66.55 on ${HOST} by mallory
inet 10.77.66.55/24 brd 10.77.66.255 link/ether 52:54:00:ab:cd:ef
{"MESSAGE":"${HOST} mallory auth_pass hunter2x 10.77.66.55","_HOSTNAME":"fw-seed7.corp-seed.example"}
  auth_pass hunter2x
rocommunity s3cr3tcommunity 10.77.66.55
PrivateKey = c2VlZGVkLXByaXZhdGUta2V5LXZhbHVl
`;

describe('a bundle of a host on which everything is secret', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'ctsync-seeded-'))));
  after(() => rm(folder, { recursive: true }));

  it('holds, cleaned, no address, name or secret in any item, nor the key', async () => {
    const key = randomBytes(32);
    const texts = await textsOf(await collected(join(folder, 'clean.tar.gz'), key));
    expect(texts.size).to.be.above(60);
    for (const seed of [...ADDRESSES, ...NAMES, ...SECRETS, key.toString('hex'), key.toString('base64')]) {
      for (const [name, text] of texts) expect(text.includes(seed), `${seed} in ${name}`).to.equal(false);
    }
  });

  it('holds no secret in any text, also where nothing is to be hidden', async () => {
    const texts = await textsOf(await collected(join(folder, 'open.tar.gz'), undefined));
    for (const seed of SECRETS) {
      // Rows of flows have no place for a secret, and go into the archive as they are.
      for (const [name, text] of texts) {
        if (!/(?:kernel|caches)\//.test(name)) expect(text.includes(seed), `${seed} in ${name}`).to.equal(false);
      }
    }
    expect([...texts.values()].filter((text) => text.includes('10.77.66.55')).length).to.be.above(60);
  });
});

async function collected(path: string, key: Uint8Array | undefined): Promise<string> {
  const { signal: abort } = new AbortController();
  const writer = await BundleWriter.open({ path, replace: false }, abort);
  const query = { daemonConfig: `/etc/${HOST}/conntrackd.conf`, silenceMs: undefined };
  const options = { place: SEEDED_PLACE, query, sudo: false, abort };
  const question = {
    maxBytes: 1e9,
    maxRows: 1e6,
    key,
    tool: '0.1.0',
    judge: () => Promise.resolve(SEEDED),
    onItem: () => undefined,
  };
  await collectBundle([options], question, writer);
  return path;
}

/** Every text of the archive, and of a cleaned one the archive itself. */
async function textsOf(path: string): Promise<Map<string, string>> {
  const bundle = await openBundle(path);
  try {
    const texts = new Map([['the manifest', JSON.stringify(bundle.manifest)]]);
    for (const [name, text] of await itemsOf(bundle, bundle.manifest)) texts.set(name, text);
    // With the names of its members; as it is, rows have their addresses.
    if (/clean/.test(path)) texts.set('the archive', gunzipSync(await readFile(path)).toString('latin1'));
    return texts;
  } finally {
    await bundle.close();
  }
}

async function itemsOf(bundle: Bundle, { nodes }: BundleManifest): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for (const item of nodes.flatMap(({ items }) => items)) {
    if (item.sha256 !== undefined) found.push([item.name, await bundle.text(item)]);
  }
  return found;
}

/** Every tool and every file of this host says the same. */
const SEEDED_PLACE: Place = {
  clock: { now: () => TIME, sinceBoot: () => 0, wait: () => Promise.resolve() },
  hostName: HOST,
  kernelRelease: '6.1.0-seed',
  isRoot: true,
  userName: 'mallory',
  command: (command) => ({
    ...command,
    recorded: {
      // eslint-disable-next-line @typescript-eslint/require-await
      chunks: async function* () {
        yield Buffer.from(SEEDED);
      },
      outcome: { exitCode: 0, stderr: SEEDED },
    },
  }),
  findTool: (name) => `/usr/${HOST}/${name}`,
  findPrograms: () => Promise.resolve([`/usr/${HOST}/conntrackd`]),
  readFile: (path) =>
    Promise.resolve({ text: path === '/etc/passwd' ? 'mallory:x:1000:1000::/home/mallory:/bin/sh\n' : SEEDED }),
  look: () => Promise.resolve({ kind: 'file', written: TIME, readable: true, usable: true }),
  holds: () => Promise.resolve(true),
  resolved: (path) => Promise.resolve(`/${HOST}${path}`),
  namesIn: () => Promise.resolve([HOST, 'conntrackd.log.1']),
  included: () => Promise.resolve([{ file: `/etc/${HOST}/more.conf`, text: SEEDED }]),
  targetsIn: () => Promise.resolve([`/var/log/${HOST}.log`]),
  targetOf: () => Promise.resolve(`/home/mallory/${HOST}`),
  processStats: () => Promise.resolve([{ pid: 7, stat: `7 (conntrackd) S 1 ${HOST}` }]),
};
