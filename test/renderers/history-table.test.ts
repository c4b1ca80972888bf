import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Transition, TransitionHistory } from '../../src/model/transition.js';
import { recordOf } from '../../src/readers/history/record.js';
import { renderHistoryNdjson } from '../../src/renderers/history-ndjson.js';
import { renderHistoryTable } from '../../src/renderers/history-table.js';
import { renderHookPage } from '../../src/renderers/hook-page.js';
import { fixture } from '../support/ctsync.js';

const { transitions } = recordOf(readFileSync(fixture('ctsync-failover-1/r1.ndjson'), 'utf8'));

function history(shown: Transition[], over: Partial<TransitionHistory> = {}): TransitionHistory {
  const summary = { shown: shown.length, unreadable: 0, elapsed_ms: 1 };
  return { origin: { kind: 'record' }, transitions: shown, summary, complete: true, notes: [], ...over };
}

const MASTER: Transition = { at: '2026-11-26T07:06:42.336Z', host: 'r1', group: 'G', to: 'MASTER', result: 'done' };

describe('renderHistoryTable', () => {
  it('shows a row for each transition, none wider than a terminal', () => {
    const page = renderHistoryTable(history(transitions), { columns: 80, colour: false });
    const lines = page.split('\n');
    expect(lines[0]).to.match(/^TIME +GROUP +FROM +TO +TOOK +COMMITTED +RESULT$/);
    expect(lines.filter((line) => line.startsWith('2026-'))).to.have.length(12);
    expect(lines.filter((line) => line.length > 80)).to.deep.equal([]);
    expect(page).to.match(/\n\n12 transitions\.\n$/);
    expect(lines[2]).to.match(/^2026-11-26T07:06:42Z GEFOEKOM BACKUP MASTER \d+\.\d\d s +\d+ +done$/);
  });

  it('shows below a row what was skipped, failed or waited for, and how many flows were not committed', () => {
    const page = renderHistoryTable(
      history([
        {
          ...MASTER,
          result: 'failed',
          seconds: 10.2,
          waited_seconds: 0.5,
          steps: [
            { step: 'probe', request: '-s', result: 'ok', seconds: 0.01 },
            { step: 'flush', request: '-f', result: 'skipped', seconds: 0, reason: 'master of H' },
            { step: 'kernel_resync', request: '-R', result: 'timeout', seconds: 10, reason: 'conntrackd is silent' },
            { step: 'bulk_update', request: '-B', result: 'not_asked', seconds: 0 },
            { step: 'wait', result: 'ok', seconds: 1.5, reason: 'another commit was at work' },
          ],
          commits: [{ table: 'flows', committed: 12_345, failed: 3, seconds: 1.5 }],
        },
      ]),
      { columns: undefined, colour: false },
    );
    expect(
      page
        .replace(/(?<=\S) +/g, ' ')
        .split('\n')
        .slice(1, 7),
    ).to.deep.equal([
      '2026-11-26T07:06:42Z G - MASTER 10.20 s 12,345, 3 not failed',
      '    waited 0.50 s for the run before',
      '    flush (-f) skipped: master of H',
      '    kernel resync (-R) timeout: conntrackd is silent',
      '    bulk update (-B) not asked',
      '    wait took 1.50 s: another commit was at work',
    ]);
  });

  it('says why nothing was done, and marks what is no transition', () => {
    const shown = [
      { ...MASTER, result: 'superseded' as const },
      { ...MASTER, result: 'killed' as const },
      { ...MASTER, to: 'BACKUP' as const, delayed: true as const },
    ];
    const page = renderHistoryTable(history(shown), { columns: 80, colour: false });
    expect(page).to.include('nothing was done: a newer state').and.include('is not known').and.include(' BACKUP+ ');
  });

  it('shows what syslog tells, and that there is nothing', () => {
    const told = { at_text: 'Nov 22 13:28:00', host: 'vyos', group: 'G', to: 'MASTER' as const };
    const page = renderHistoryTable(history([told]), { columns: 80, colour: false });
    expect(page).to.match(/^Nov 22 13:28:00 +G +- +MASTER +- +- +-$/m);
    expect(renderHistoryTable(history([]), { columns: 80, colour: false })).to.equal('No transitions.\n');
    const half = history([], { complete: false });
    expect(renderHistoryTable(half, { columns: 80, colour: false })).to.include('INCOMPLETE');
  });

  it('lets no name of a group reach the terminal', () => {
    const hostile = { ...MASTER, group: 'G\u001b[2J\u202eé' };
    const page = renderHistoryTable(history([hostile]), { columns: 80, colour: false });
    expect(page).to.match(/^[\n -~]*$/);
  });
});

describe('renderHistoryNdjson', () => {
  it('is what the hook has written, and a last line only where it is not whole', () => {
    const text = renderHistoryNdjson(history(transitions), { schema: 'ctsync/summary/1' });
    expect(recordOf(text)).to.deep.equal({ transitions, unreadable: 0 });
    const half = renderHistoryNdjson(history([MASTER], { complete: false }), { schema: 'ctsync/summary/1' });
    expect(half.split('\n')[1]).to.include('"schema":"ctsync/summary/1"').and.include('"complete":false');
  });
});

describe('renderHookPage', () => {
  it('prints lines to be put into the block, and nothing for a group that has them', () => {
    const page = renderHookPage({
      hook: '/h',
      keepalived_config: '/etc/k.conf',
      groups: [
        { sync_group: 'A', complete: true, lines: ['notify_master "/h master A"'] },
        { sync_group: 'B', complete: false, lines: ['notify_master "/h master B"'] },
      ],
      notes: ['Something.'],
    });
    const lines = page.split('\n').filter((line) => line !== '');
    expect(lines.filter((line) => !line.startsWith('#'))).to.deep.equal(['    notify_master "/h master B"']);
    expect(lines).to.have.length(4);
  });
});
