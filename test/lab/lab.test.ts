import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { labUnavailable } from './available.js';
import { Lab } from './lab.js';
import type { LabOptions } from './options.js';
import { ROUTERS, SERVER } from './plan.js';
import { childEnvironment, ended, must } from './run.js';
import { LAB_FOLDERS, namespacesOfLab, processesIn, removeLeftovers } from './sweep.js';
import { waitFor } from './wait.js';

const HOLD = fileURLToPath(new URL('./hold.ts', import.meta.url));

describe('lab', function () {
  this.timeout(90_000);

  before(function () {
    const reason = labUnavailable();
    if (reason === undefined) return;
    process.stderr.write(`lab tests skipped: ${reason}\n`);
    this.skip();
  });

  describe('the pair', () => {
    let lab: Lab;

    before(async () => {
      lab = new Lab();
      await lab.start();
    });

    after(() => lab.stop());

    it('has a master with the virtual addresses and a backup without, both recorded', async () => {
      expect(await lab.role('r1')).to.equal('master');
      expect(await lab.role('r2')).to.equal('backup');
      const time = '\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z';
      expect(await state(lab, 'r1')).to.match(new RegExp(`^MASTER at ${time}\n$`));
      expect(await state(lab, 'r2')).to.match(new RegExp(`^BACKUP at ${time}\n$`));
    });

    it('has a conntrackd that answers in each router', async () => {
      for (const router of ROUTERS) {
        expect(await lab[router].ask('-s')).to.include('multicast traffic (active device=eth0):');
        expect(await lab[router].ask('-s', 'link')).to.include('device=eth0 status=RUNNING role=ACTIVE');
        expect(await lab[router].ask('-s', 'expect')).to.include('cache internal:');
      }
    });

    it('synchronises a TCP connection from the internal cache of r1 to the external cache of r2', async () => {
      const [connection] = await lab.traffic.tcp();
      const ports = `sport=${String(connection?.localPort)} dport=22`;
      await lab.waitFor(async () => (await lab.r1.ask('-i')).includes(ports), { what: 'the flow in r1' });
      await lab.waitFor(async () => (await lab.r2.ask('-e')).includes(ports), { what: 'the flow in r2' });
      expect(await lab.r1.ask('-e')).to.not.include(ports);
      expect(await lab.r2.ask('-i')).to.not.include(ports);
    });

    it('carries TCP, UDP, ICMP and translated traffic of both families, all counted and timed', async () => {
      await lab.traffic.mixed();
      const { stdout } = await lab.exec('r1', ['conntrack', '-L', '-o', 'extended,id']);
      for (const part of [
        /^ipv4 .* tcp .* ESTABLISHED src=10\.35\.100\.87 dst=172\.31\.20\.12 .* packets=\d+ bytes=\d+ src=.*delta-time=/m,
        /^ipv4 .* udp .* dport=53 packets=2 .* packets=2 /m,
        /^ipv4 .* icmp .* type=8 code=0 id=\d+ packets=2 /m,
        /^ipv4 .* SYN_SENT src=\S+ dst=172\.31\.20\.99 .* \[UNREPLIED\]/m,
        /^ipv6 .* tcp .* ESTABLISHED src=fd35:100::87 dst=fd31:20::12 /m,
        /^ipv6 .* udp .* src=fd35:100::87 /m,
        /^ipv6 .* icmpv6 .* type=128 /m,
        /src=10\.35\.100\.101 dst=172\.31\.20\.12 .* src=172\.31\.20\.12 dst=172\.31\.20\.1 /, // snat
        /src=10\.35\.100\.102 dst=172\.31\.20\.12 .* src=172\.31\.20\.12 dst=172\.31\.20\.2 /, // masquerade
        /src=172\.31\.20\.12 dst=172\.31\.20\.1 .* dport=8080 .* src=10\.35\.100\.87 dst=172\.31\.20\.12 sport=80 /, // dnat
      ]) {
        expect(stdout).to.match(part);
      }
    });

    it('refuses connections in mid-stream that it does not track', async () => {
      const [connection] = await lab.traffic.tcp();
      await lab.exec('r1', ['conntrack', '-D', '-p', 'tcp', '--sport', String(connection?.localPort)]);
      const broken = await connection?.talk(100, 1).then(
        () => false,
        () => true,
      );
      expect(broken).to.equal(true);
      await connection?.close();
    });

    it('fails over when keepalived of the master ends: addresses move, connections survive', async () => {
      const connections = [
        ...(await lab.traffic.tcp()),
        ...(await lab.traffic.tcp({ family: 'ipv6' })),
        ...(await lab.traffic.tcp({ translation: 'snat' })),
        await lab.traffic.forwarded(),
      ];
      expect(await lab.failover()).to.deep.equal({ from: 'r1', to: 'r2' });
      expect(await lab.role('r1')).to.equal('backup');
      expect(await lab.role('r2')).to.equal('master');
      expect(await state(lab, 'r2')).to.match(/^MASTER at /);
      for (const connection of connections) await connection.talk(5000);
      const { stdout } = await lab.exec('r2', ['conntrack', '-L']);
      for (const { localPort } of connections) expect(stdout).to.include(`sport=${String(localPort)} `);

      await lab.failback();
      expect(await lab.role('r1')).to.equal('master');
      for (const connection of connections) await connection.talk(5000);
    });

    it('fails over when the LAN cable of the master is pulled, which is recorded as a fault', async () => {
      const [connection] = await lab.traffic.tcp();
      await lab.failover('cable');
      expect(await state(lab, 'r1')).to.match(/^FAULT at /);
      expect(await state(lab, 'r2')).to.match(/^MASTER at /);
      await connection?.talk(5000);
      await lab.failback();
      await connection?.talk(5000);
    });

    it('gives commands the variables of their router, and of the router only', async () => {
      const { stdout } = await lab.exec('r2', ['sh', '-c', 'cat "$CTSYNC_DAEMON_CONFIG"; ls "$CTSYNC_RUN_DIR"']);
      expect(stdout).to.include(lab.r2.file('conntrackd.sock')).and.to.include('failover-state');
      const { stdout: bare } = await lab.exec('client', ['env']);
      expect(bare).to.not.include('CTSYNC_RUN_DIR');
    });

    it('closes every connection when traffic is stopped', async () => {
      await lab.traffic.tcp({ count: 2, port: 5001 });
      await lab.traffic.stop();
      expect(lab.traffic.connections).to.deep.equal([]);
      const { stdout } = await lab.exec('r1', ['conntrack', '-L', '-p', 'tcp', '--dport', '5001']);
      expect(stdout)
        .to.match(/TIME_WAIT|LAST_ACK|CLOSE/)
        .and.to.not.include('ESTABLISHED');
    });

    it('lets a second lab stand beside it', async () => {
      const second = new Lab({ keepalived: false });
      await second.start();
      try {
        const inFirst = await lab.exec('client', ['ping', '-q', '-c', '1', '-W', '2', SERVER.ipv4]);
        expect(inFirst.code).to.equal(0);
        expect(await second.r1.ask('-s')).to.match(/current active connections:\s+0\s/);
        expect(await lab.r1.ask('-i')).to.not.equal('');
      } finally {
        await second.stop();
      }
      expect(await lab.role('r1')).to.equal('master');
      expect(await lab.r1.ask('-s')).to.include('cache internal:');
    });
  });

  describe('variants of the daemon', () => {
    const variants: [title: string, options: LabOptions, request: string[], answer: RegExp][] = [
      ['NOTRACK over UDP', { mode: 'notrack', transport: 'udp' }, ['-s'], /^UDP traffic \(active device=eth0\):/m],
      ['FTFW over TCP', { transport: 'tcp' }, ['-s'], /^TCP traffic .* server=connected client=connected:/m],
      ['ALARM', { mode: 'alarm' }, ['-s'], /^cache external:/m],
      ['no internal cache', { mode: 'notrack', disableInternalCache: true }, ['-s'], /^internal bypass:/m],
      ['no external cache', { disableExternalCache: true }, ['-s'], /^external inject:/m],
      ['two links', { links: 2 }, ['-s', 'link'], /device=eth0 .*role=ACTIVE:[^]*device=eth3 .*role=BACKUP:/],
      ['no expectations', { expectationSync: false }, ['-s', 'expect'], /^$/],
      ['named expectations', { expectationSync: ['ftp', 'sip'] }, ['-s', 'expect'], /^cache internal:/m],
      ['resync at start', { startupResync: true }, ['-s', 'runtime'], /^daemon uptime:/m],
    ];
    for (const [title, options, request, answer] of variants) {
      it(title, async () => {
        const lab = new Lab({ ...options, keepalived: false });
        await lab.start();
        try {
          await lab.waitFor(async () => answer.test(await lab.r1.ask(...request)), { what: `${String(answer)} in r1` });
        } finally {
          await lab.stop();
        }
      });
    }
  });

  describe('its end', () => {
    it('leaves no namespace, process or folder, and nothing of the machine is changed', async () => {
      const before = await machine();
      const lab = new Lab();
      await lab.start();
      const namespaces = namespacesOfLab(lab.id);
      expect(namespaces).to.have.length(5);
      expect(processesIn(namespaces)).to.not.have.length(0);
      await lab.traffic.mixed();
      await lab.stop();
      expectNothingLeft(lab.id);
      expect(await machine()).to.deep.equal(before);
    });

    it('comes also after a start that fails', async () => {
      const lab = new Lab({ keepalived: false });
      await must(['ip', 'netns', 'add', lab.namespaces.server]);
      const failure = await lab.start().then(
        () => undefined,
        (error: unknown) => error as Error,
      );
      expect(failure?.message).to.include(`ip netns add ${lab.namespaces.server}`);
      expectNothingLeft(lab.id);
    });

    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      for (const moment of ['while it starts', 'while it is up']) {
        it(`comes also by ${signal} ${moment}`, async () => {
          const { child, id, up } = await hold();
          if (moment === 'while it is up') await up;
          else await waitFor(() => namespacesOfLab(id).length > 2);
          child.kill(signal);
          await ended(child);
          expect(child.exitCode).to.equal(code);
          expectNothingLeft(id);
        });
      }
    }

    it('is made up for by the next start if the process was killed, while living labs are left alone', async () => {
      const killed = await hold();
      const living = await hold();
      await Promise.all([killed.up, living.up]);
      killed.child.kill('SIGKILL');
      await ended(killed.child);
      expect(namespacesOfLab(killed.id)).to.have.length(5);

      expect(removeLeftovers()).to.include(killed.id).and.to.not.include(living.id);
      expectNothingLeft(killed.id);
      expect(namespacesOfLab(living.id)).to.have.length(5);
      living.child.kill('SIGTERM');
      await ended(living.child);
      expectNothingLeft(living.id);
    });
  });
});

function state(lab: Lab, router: 'r1' | 'r2'): Promise<string> {
  return readFile(lab[router].file('failover-state'), 'utf8');
}

function expectNothingLeft(labId: string): void {
  expect(namespacesOfLab(labId)).to.deep.equal([]);
  expect(existsSync(join(LAB_FOLDERS, labId))).to.equal(false);
}

/** What a lab could have changed on the machine itself. */
async function machine(): Promise<Record<string, string>> {
  const sysctls = ['net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding', 'net/netfilter/nf_conntrack_acct'];
  const values = await Promise.all(
    [...sysctls, 'net/netfilter/nf_conntrack_max', 'net/netfilter/nf_conntrack_buckets'].map(async (name) => [
      name,
      await readFile(`/proc/sys/${name}`, 'utf8').catch(() => 'absent'),
    ]),
  );
  return {
    ...(Object.fromEntries(values) as Record<string, string>),
    links: await must(['ip', '-o', '-br', 'link']),
    addresses: await must(['ip', '-o', '-br', 'addr']),
    routes: await must(['ip', 'route', 'show', 'table', 'all']),
    rules: await must(['nft', 'list', 'ruleset']),
  };
}

interface Held {
  child: ChildProcessByStdio<null, Readable, null>;
  id: string;
  /** Resolves when its lab is up; rejects if it ends before. */
  up: Promise<void>;
}

/** A process of its own that holds a lab. */
async function hold(): Promise<Held> {
  const child = spawn(process.execPath, ['--import', 'tsx', HOLD], {
    env: childEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value: id } = (await lines.next()) as { value: string };
  const up = lines.next().then(({ value }) => {
    if (value !== 'up') throw new Error(`the lab ${id} did not come up`);
  });
  // Whoever ends the process early does not wait for it to be up.
  up.catch(() => undefined);
  return { child, id, up };
}
