import { expect } from 'chai';
import { setTimeout } from 'node:timers/promises';
import {
  addNewFlows,
  codesOn,
  codesOnBoth,
  codesWhile,
  dropping,
  endFlows,
  foundNothing,
  resynced,
  withConf,
  NONE,
} from './findings-support.js';
import { must } from './run.js';
import { linksRunning, pairFor } from './views-support.js';
import type { Place } from './views-support.js';

/** Every third message. */
const SOME = 'udp dport 3780 numgen inc mod 3 == 0';

describe('what is found of live messages', function () {
  this.timeout(60_000);
  const pair = pairFor({ keepalived: false });
  const r1 = (): Place => ({ lab: pair(), router: 'r1' });
  const r2 = (): Place => ({ lab: pair(), router: 'r2' });

  before(async () => {
    await linksRunning(pair());
    await resynced(pair());
  });

  it('is nothing under new flows', async () => {
    const found = await codesWhile(r1(), () => addNewFlows(r1(), 200));
    expect(found).to.deep.equal(NONE);
    expect(await codesOn(r2())).to.deep.equal(NONE);
  });

  it('is that messages are lost, which FTFW sends again', async () => {
    const found = await dropping(r2(), 'input', SOME, () => codesWhile(r2(), () => addNewFlows(r1(), 200)));
    expect(found).to.deep.equal(['CTS-301 warning']);
    await settled(r1());
    await foundNothing(r1());
    await foundNothing(r2());
  });

  it('is that somebody sends what is none', async () => {
    expect(await codesWhile(r1(), () => sendGarbage(r2()))).to.deep.equal(['CTS-302 warning']);
    await foundNothing(r1());
  });

  it('is that nothing can be sent where a filter forbids it, and the silence at the other end', async () => {
    const found = await dropping(r1(), 'output', 'udp dport 3780', () => codesOnBoth(pair()));
    expect(found).to.deep.equal({ r1: ['CTS-303 warning eth0'], r2: ['CTS-201 critical'] });
    await settled(r1());
    await foundNothing(r1());
  });

  it('is that a small buffer does not hold what comes', async () => {
    const found = await withConf(r2(), [[/RcvSocketBuffer \d+/, 'RcvSocketBuffer 2304']], () =>
      codesWhile(r2(), () => addNewFlows(r1(), 3000)),
    );
    await endFlows(r1());
    expect(found).to.deep.equal(['CTS-301 warning', 'CTS-304 warning port 3780']);
  });

  it('is that a small queue does not hold what the peer does not acknowledge', async () => {
    const found = await withConf(r1(), [[/ResendQueueSize \d+/, 'ResendQueueSize 100']], () =>
      dropping(r2(), 'input', 'udp dport 3780', () => codesWhile(r1(), () => addNewFlows(r1(), 200))),
    );
    expect(found).to.deep.equal(['CTS-305 warning rsqueue']);
  });
});

describe('what is found of live messages that nobody sends again', function () {
  this.timeout(60_000);
  const pair = pairFor({ mode: 'notrack', keepalived: false });
  const r2 = (): Place => ({ lab: pair(), router: 'r2' });

  before(async () => {
    await linksRunning(pair());
    await resynced(pair());
  });

  it('is that a peer which was restarted may have left a gap: information, since it does not go on', async () => {
    const restarted = async (): Promise<void> => {
      await pair().r2.conntrackd.stop();
      await setTimeout(1000);
      await pair().r2.startDaemon();
    };
    const [found] = await Promise.all([codesOn({ lab: pair(), router: 'r1' }), restarted()]);
    expect(found.filter((code) => code !== 'CTS-301 information')).to.deep.equal(NONE);
    await linksRunning(pair());
    await resynced(pair());
  });

  it('is that they are lost', async () => {
    const r1 = { lab: pair(), router: 'r1' as const };
    const found = await dropping(r2(), 'input', SOME, () => codesWhile(r2(), () => addNewFlows(r1, 200)));
    expect(found).to.deep.equal(['CTS-301 critical']);
    await foundNothing(r2());
  });
});

/** Resolves once the peer has acknowledged all but the last messages. */
async function settled({ lab, router }: Place): Promise<void> {
  await lab.waitFor(async () => Number(/len=(\d+)/.exec(await lab[router].ask('-s', 'rsqueue'))?.[1]) < 300, {
    what: 'the acknowledgements',
  });
}

const GARBAGE = `
const socket = require('node:dgram').createSocket('udp4');
socket.bind(0, '10.255.254.3', () => {
  socket.setMulticastInterface('10.255.254.3');
  socket.setMulticastLoopback(false);
  socket.send('none of its messages', 3780, '225.0.0.50', () => socket.close());
});`;

/** To the group and port of the link, as a stranger in its network would. */
async function sendGarbage({ lab, router }: Place): Promise<void> {
  await must(['ip', 'netns', 'exec', lab.namespaces[router], process.execPath, '-e', GARBAGE]);
}
