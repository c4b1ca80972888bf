import { expect } from 'chai';
import { conntrackSyncGroups, faultyHooks, parseKeepalivedConf } from '../../src/parsers/keepalived-conf.js';

const HOOK = '/usr/lib/node_modules/ctsync/libexec/ctsync-failover';

/** A group with these lines, and what is found of its hook. */
function judged(lines: Record<string, string>, scripts: Record<string, string> = {}) {
  const block = Object.entries(lines).map(([name, value]) => `  notify${name === 'all' ? '' : `_${name}`} ${value}`);
  const conf = parseKeepalivedConf(
    ['vrrp_sync_group G {', '  group {', '    I', '  }', ...block, '}'].join('\n'),
    'k.conf',
  );
  const readScript = (path: string) => scripts[path];
  return { hooked: conntrackSyncGroups(conf, readScript).length === 1, faulty: faultyHooks(conf, readScript) };
}

function hookFor(...states: string[]): Record<string, string> {
  return Object.fromEntries(states.map((state) => [state, `"${HOOK} ${state} G"`]));
}

describe('faultyHooks', () => {
  it('finds nothing where the hook is called at every transition', () => {
    for (const lines of [
      hookFor('master', 'backup', 'fault'),
      hookFor('master', 'backup', 'fault', 'stop'),
      {
        ...hookFor('master', 'backup'),
        fault: `"${HOOK} fault 'G' /etc/conntrackd/conntrackd.conf /var/lib/c /run/c"`,
      },
      { all: '"/etc/keepalived/conntrackd.sh"' },
      { master: '"/a primary"', backup: '"/a backup"', fault: '"/a fault"' },
    ]) {
      const scripts = { '/a': '#!/bin/sh\nconntrackd -c\n' };
      expect(judged(lines, scripts), JSON.stringify(lines)).to.deep.equal({ hooked: true, faulty: [] });
    }
  });

  it('finds lines that are missing, or call something else', () => {
    const { faulty } = judged({ ...hookFor('master'), fault: '"/usr/bin/logger fault"' });
    expect(faulty).to.deep.equal([{ sync_group: 'G', missing: ['backup', 'fault'], wrong: [] }]);
  });

  it('finds lines that name another state or another group, or whose words are outside of the quotes', () => {
    for (const line of [
      `"${HOOK} master G"`,
      `"${HOOK} backup H"`,
      `"${HOOK} backup GG"`,
      `${HOOK} backup G`,
      `"${HOOK}"`,
    ]) {
      const { faulty } = judged({ ...hookFor('master', 'fault'), backup: line });
      expect(faulty, line).to.deep.equal([{ sync_group: 'G', missing: [], wrong: ['backup'] }]);
    }
  });

  it('knows that the words which keepalived appends to notify are not those of the hook', () => {
    expect(judged({ all: `"${HOOK}"` }).faulty).to.deep.equal([
      { sync_group: 'G', missing: ['master', 'backup', 'fault'], wrong: [] },
    ]);
  });

  it('says nothing of a group without any hook: that is another finding', () => {
    expect(judged({ master: '"/usr/bin/logger master"' })).to.deep.equal({ hooked: false, faulty: [] });
  });
});
