import { expect } from 'chai';
import { restartBetween } from '../../src/sync/restart.js';

const process = { pid: 7, start_ticks: 100 };
const before = { uptime_seconds: 120, events_received: 50, process };

describe('sync/restart', () => {
  it('sees none in a daemon that goes on', () => {
    expect(restartBetween(before, { uptime_seconds: 180, events_received: 50, process })).to.equal(undefined);
  });

  it('sees another process, also one that got the same number', () => {
    expect(restartBetween(before, { ...before, process: { pid: 8, start_ticks: 900 } })).to.equal('process');
    expect(restartBetween(before, { ...before, process: { pid: 7, start_ticks: 900 } })).to.equal('process');
  });

  it('sees an uptime that fell, and events that did', () => {
    expect(restartBetween(before, { ...before, uptime_seconds: 60 })).to.equal('uptime');
    expect(restartBetween(before, { ...before, events_received: 49 })).to.equal('events');
    expect(restartBetween({ events_received: 2n ** 64n - 1n }, { events_received: 3 })).to.equal('events');
  });

  it('sees an uptime that rose by less than the time that has passed', () => {
    expect(restartBetween({ uptime_seconds: 120 }, { uptime_seconds: 360 }, 600)).to.equal('uptime');
  });

  it('lets an uptime be told in whole minutes, late, and by a clock that was corrected', () => {
    expect(restartBetween({ uptime_seconds: 120 }, { uptime_seconds: 660 }, 600)).to.equal(undefined);
    expect(restartBetween({ uptime_seconds: 120 }, { uptime_seconds: 630 }, 600)).to.equal(undefined);
  });

  it('sees none where nothing is known', () => {
    expect(restartBetween({}, before)).to.equal(undefined);
    expect(restartBetween(before, {})).to.equal(undefined);
  });
});
