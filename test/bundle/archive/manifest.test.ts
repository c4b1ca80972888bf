import { expect } from 'chai';
import { parseManifest } from '../../../src/bundle/archive/manifest.js';
import { itemOf, manifestOf, missingItem } from '../../support/bundles.js';

const LIMITS = { members: 1000 };

describe('bundle/archive/manifest', () => {
  const whole = manifestOf([itemOf('a/b.txt', 'b', { sample: 1, rows: 1, mode: '0640' }), missingItem('c.txt')], []);

  /** The manifest with another value at a place: `nodes.0.name`. */
  function changed(place: string, value: unknown): string {
    const manifest = structuredClone(whole) as unknown as Record<string, unknown>;
    const keys = place.split('.');
    const last = keys.pop()!;
    const at = keys.reduce((object, key) => object[key] as Record<string, unknown>, manifest);
    if (value === undefined) delete at[last];
    else at[last] = value;
    return JSON.stringify(manifest);
  }

  function refusal(json: string): string {
    try {
      parseManifest(Buffer.from(json), LIMITS);
    } catch (error) {
      expect(error).to.have.property('name', 'Refused');
      return (error as Error).message;
    }
    return 'it was read';
  }

  it('reads one whole', () => {
    const json = JSON.stringify({ ...whole, cleaned: { address: 12 } });
    const { manifest, unknown } = parseManifest(Buffer.from(json), LIMITS);
    expect(manifest).to.deep.equal({ ...whole, cleaned: { address: 12 } });
    expect(unknown).to.deep.equal([]);
  });

  const wrong: [place: string, value: unknown, words: string][] = [
    ['created_at', undefined, 'created_at is missing'],
    ['created_at', 'yesterday', 'created_at is no time in UTC'],
    ['created_at', '2026-13-45T99:00:00Z', 'created_at is no time in UTC'],
    ['complete', 'yes', 'complete is neither true nor false'],
    ['tool', null, 'tool is no object'],
    ['tool.name', 'sos', 'tool.name is none of ctsync'],
    ['cleaned', JSON.parse('{"__proto__":1}'), 'cleaned has the key __proto__'],
    ['cleaned', { 'a b': 1 }, 'cleaned has the key a b'],
    ['cleaned', { address: -1 }, 'cleaned.address is out of range'],
    ['nodes', {}, 'nodes is no list'],
    ['nodes', [], 'nodes is too short'],
    ['nodes', [1, 2, 3], 'nodes has more than 2 members'],
    ['nodes.0', [], 'nodes[0] is no object'],
    ['nodes.0.name', '..', 'nodes[0].name is not a word of safe characters'],
    ['nodes.0.name', 'a/b', 'nodes[0].name is not a word of safe characters'],
    ['nodes.0.name', 'manifest.json', 'nodes[0].name is not a word of safe characters'],
    ['nodes.0.host', 'h'.repeat(300), 'nodes[0].host is longer than 256 characters'],
    ['nodes.0.clock_offset_ms', '1', 'nodes[0].clock_offset_ms is no number'],
    ['nodes.0.versions.conntrack', 1, 'nodes[0].versions.conntrack is no text'],
    ['nodes.0.items.0.name', '../../etc/passwd', 'nodes[0].items[0].name is not a path of safe characters'],
    ['nodes.0.items.0.name', '/etc/passwd', 'nodes[0].items[0].name is not a path of safe characters'],
    ['nodes.0.items.0.name', 'a//b', 'nodes[0].items[0].name is not a path of safe characters'],
    ['nodes.0.items.0.name', 'a\u001b[2Jb', 'nodes[0].items[0].name is not a path of safe characters'],
    ['nodes.0.items.0.name', 'a\n', 'nodes[0].items[0].name is not a path of safe characters'],
    ['nodes.0.items.0.kind', 'image', 'nodes[0].items[0].kind is none of command, file, document'],
    ['nodes.0.items.0.argv', 'conntrack -L', 'nodes[0].items[0].argv is no list'],
    ['nodes.0.items.0.argv', [1], 'nodes[0].items[0].argv[0] is no text'],
    ['nodes.0.items.0.sample', 3, 'nodes[0].items[0].sample is none of 1, 2'],
    ['nodes.0.items.0.bytes', 1.5, 'nodes[0].items[0].bytes is no whole number'],
    ['nodes.0.items.0.bytes', 1e300, 'nodes[0].items[0].bytes is no whole number'],
    ['nodes.0.items.0.bytes', -1, 'nodes[0].items[0].bytes is out of range'],
    ['nodes.0.items.0.exit_code', 256, 'nodes[0].items[0].exit_code is out of range'],
    ['nodes.0.items.0.sha256', 'abc', 'nodes[0].items[0].sha256 is not a SHA-256'],
    ['nodes.0.items.0.mode', 'rw-r', 'nodes[0].items[0].mode is not octal'],
    ['nodes.0.items.1.error', 'no', 'nodes[0].items[1].error is no object'],
    ['nodes.0.items', Array(999).fill({}), 'nodes[0].items[0].name is missing'],
    ['nodes.0.items', Array(1001).fill(null), 'nodes[0].items has more than 1000 members'],
  ];
  for (const [place, value, words] of wrong) {
    it(`refuses ${place} as ${(JSON.stringify(value) ?? 'nothing').slice(0, 40)}`, () => {
      expect(refusal(changed(place, value))).to.equal(`in its manifest, ${words}`);
    });
  }

  it('refuses what does not say what has become of an item', () => {
    for (const [place, value] of [
      ['error', undefined],
      ['complete', true],
      ['bytes', 1],
    ] as const) {
      expect(refusal(changed(`nodes.0.items.1.${place}`, value))).to.equal(
        'its manifest does not say what has become of c.txt',
      );
    }
  });

  it('refuses two of one name', () => {
    expect(refusal(changed('nodes.0.items.1.name', 'a/b.txt'))).to.equal('its manifest lists r1/a/b.txt twice');
    expect(refusal(changed('nodes.1.name', 'r1'))).to.equal('its manifest lists r1 twice');
  });

  it('refuses what is no manifest of ctsync, or one of a newer ctsync, and says which one can open it', () => {
    for (const json of ['{}', '[]', 'null', '1', '""', changed('schema', 'ctsync/error/1'), changed('schema', 1)]) {
      expect(refusal(json)).to.equal('its manifest is not one of ctsync');
    }
    for (const json of ['', '{', '\ufffd', '{"a":1}x']) expect(refusal(json)).to.equal('its manifest is no JSON');
    const newer = JSON.stringify({ schema: 'ctsync/bundle/2', tool: { version: '3.1.0' } });
    expect(() => parseManifest(Buffer.from(newer), LIMITS))
      .to.throw('a newer ctsync has made it (ctsync/bundle/2)')
      .with.property('next', 'Open it with ctsync 3.1.0 or a newer one.');
    const odd = JSON.stringify({ schema: 'ctsync/bundle/2', tool: { version: '\u001b[2J' } });
    expect(() => parseManifest(Buffer.from(odd), LIMITS))
      .to.throw()
      .with.property('next', 'Open it with the newest ctsync.');
    expect(refusal(Buffer.from([0x22, 0xff, 0x22]).toString('latin1'))).to.equal('its manifest is not one of ctsync');
    expect(() => parseManifest(Buffer.from([0x22, 0xff, 0x22]), LIMITS)).to.throw('its manifest is no JSON');
  });

  it('refuses depth and multitude before any of it is made', () => {
    expect(refusal('['.repeat(4_000_000))).to.equal('its manifest is nested too deeply');
    expect(refusal('{"a":'.repeat(1_000_000))).to.equal('its manifest is nested too deeply');
    expect(refusal(`[${'[],'.repeat(1_000_000)}[]]`)).to.equal('its manifest lists more than 1000 things');
    expect(refusal(changed('weather', { a: `${'["\\"'.repeat(5000)}` }))).to.equal('it was read');
  });
});
