import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { labUnavailable } from './available.js';
import { Lab } from './lab.js';
import type { LabOptions } from './options.js';
import { ROUTERS, SERVER } from './plan.js';
import { skipFor } from '../support/skip.js';

describe('lab', function () {
  this.timeout(90_000);

  before(function () {
    skipFor(this, labUnavailable());
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
});

function state(lab: Lab, router: 'r1' | 'r2'): Promise<string> {
  return readFile(lab[router].file('failover-state'), 'utf8');
}
