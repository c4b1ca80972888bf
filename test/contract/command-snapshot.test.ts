import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const MANIFEST = new URL('../../oclif.manifest.json', import.meta.url);
const SNAPSHOT = fileURLToPath(new URL('./command-snapshot.json', import.meta.url));

/** What of a flag its users rely on; texts of the help may change. */
const RELIED_ON = [
  'type',
  'char',
  'env',
  'multiple',
  'required',
  'default',
  'options',
  'exclusive',
  'dependsOn',
  'allowNo',
];

interface Manifest {
  commands: Record<
    string,
    { flags: Record<string, Record<string, unknown>>; args: Record<string, unknown>; aliases: string[] }
  >;
}

/** Every command that the release has, with its arguments and flags. */
function commands(): unknown {
  const { commands } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as Manifest;
  const ids = Object.keys(commands).sort();
  return ids.map((id) => {
    const { flags, args, aliases } = commands[id]!;
    return {
      command: id.replaceAll(':', ' '),
      arguments: Object.keys(args),
      aliases,
      flags: Object.fromEntries(
        Object.keys(flags)
          .sort()
          .map((name) => [name, relied(flags[name]!)]),
      ),
    };
  });
}

function relied(flag: Record<string, unknown>): Record<string, unknown> {
  const set = RELIED_ON.filter((key) => flag[key] !== undefined && flag[key] !== false);
  return Object.fromEntries(set.map((key) => [key, flag[key]]));
}

describe('contract: the commands and their flags', () => {
  it('are those of the snapshot; CTSYNC_UPDATE_SNAPSHOT=1 renews it', () => {
    const now = commands();
    if (process.env['CTSYNC_UPDATE_SNAPSHOT']) writeFileSync(SNAPSHOT, `${JSON.stringify(now, undefined, 2)}\n`);
    expect(now).to.deep.equal(JSON.parse(readFileSync(SNAPSHOT, 'utf8')));
  });
});
