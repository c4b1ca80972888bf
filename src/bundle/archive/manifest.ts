import type { BundleItem, BundleItemError, BundleManifest, BundleNode, BundleVersions } from '../../model/bundle.js';
import { finite, listOf, mapOf, may, must, oneOf, record, text, time, whole, yesOrNo } from './checks.js';
import { refuseUnboundedJson } from './json-bounds.js';
import type { BundleLimits } from './limits.js';
import { isSafePath, isSafeWord } from './member-name.js';
import { Refused } from './refused.js';

/** What a manifest may hold at the most, where no tool comes near to it. */
const WORD = 256;
const SENTENCE = 4096;
const PATH = 4096;
const ARGUMENTS = 256;
const KINDS_OF_CLEANED = 100;

const error = record<BundleItemError>({ code: must(text(WORD)), message: must(text(SENTENCE)) });

const item = record<BundleItem>({
  name: must(text(WORD, { test: isSafePath }, 'a path of safe characters')),
  kind: must(oneOf('command', 'file', 'document')),
  argv: may(listOf(text(SENTENCE), 1, ARGUMENTS)),
  path: may(text(PATH)),
  sample: may(oneOf<1 | 2>(1, 2)),
  exit_code: may(whole(0, 255)),
  signal: may(text(WORD)),
  error: may(error),
  stderr: may(text(16 * SENTENCE)),
  started_at: must(time),
  duration_ms: must(whole(0)),
  bytes: must(whole(0)),
  rows: may(whole(0)),
  complete: must(yesOrNo),
  reason: may(text(SENTENCE)),
  truncated: may(yesOrNo),
  sha256: may(text(64, /^[0-9a-f]{64}$/, 'a SHA-256')),
  mode: may(text(5, /^[0-7]{3,5}$/, 'octal')),
  mtime: may(time),
});

const versions = record<BundleVersions>({
  ctsync: may(text(WORD)),
  conntrack: may(text(WORD)),
  conntrackd: may(text(WORD)),
  keepalived: may(text(WORD)),
});

const manifestOf = (items: number): ReturnType<typeof record<BundleManifest>> =>
  record<BundleManifest>({
    schema: must(oneOf('ctsync/bundle/1')),
    created_at: must(time),
    tool: must(record({ name: must(oneOf('ctsync')), version: must(text(WORD)) })),
    complete: must(yesOrNo),
    cleaned: may(mapOf(/^[a-z][a-z0-9_]{0,63}$/, whole(0), KINDS_OF_CLEANED)),
    nodes: must(listOf(node(items), 1, 2)),
  });

const node = (items: number): ReturnType<typeof record<BundleNode>> =>
  record<BundleNode>({
    name: must(text(WORD, { test: isSafeWord }, 'a word of safe characters')),
    host: must(text(WORD)),
    kernel: may(text(WORD)),
    boot_id: may(text(WORD)),
    collected_at: must(time),
    clock_offset_ms: may(finite),
    versions: must(versions),
    items: must(listOf(item, 0, items)),
  });

/** A manifest that holds what it should, and keys in it that this version does not know. */
export interface CheckedManifest {
  manifest: BundleManifest;
  unknown: string[];
}

/** Reads `manifest.json`. @throws Refused with the place of the first thing that is wrong */
export function parseManifest(json: Buffer, limits: Pick<BundleLimits, 'members'>): CheckedManifest {
  refuseUnboundedJson(json, limits.members);
  const value = valueOf(json);
  refuseOtherSchemas(value);
  return checkManifest(value, limits);
}

/** The same for a manifest that is yet to be written. @throws Refused */
export function checkManifest(value: unknown, limits: Pick<BundleLimits, 'members'>): CheckedManifest {
  const unknown: string[] = [];
  const manifest = manifestOf(limits.members)(value, { at: '', unknown });
  refuseDuplicates(manifest);
  return { manifest, unknown };
}

function valueOf(json: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch {
    throw new Refused('its manifest is no JSON');
  }
}

function refuseOtherSchemas(value: unknown): void {
  const { schema, tool } = (value ?? {}) as { schema?: unknown; tool?: { version?: unknown } };
  const number = typeof schema === 'string' ? /^ctsync\/bundle\/(\d{1,9})$/.exec(schema)?.[1] : undefined;
  if (number === undefined) throw new Refused('its manifest is not one of ctsync', { next: NO_BUNDLE });
  if (number === '1') return;
  const version = typeof tool?.version === 'string' && /^[\w.+-]{1,64}$/.test(tool.version) ? tool.version : undefined;
  throw new Refused(`a newer ctsync has made it (ctsync/bundle/${number})`, {
    next: version ? `Open it with ctsync ${version} or a newer one.` : 'Open it with the newest ctsync.',
  });
}

const NO_BUNDLE = 'Give the path of a bundle that ctsync has made.';

function refuseDuplicates({ nodes }: BundleManifest): void {
  const paths = nodes.flatMap(({ name, items }) => [name, ...items.map((of) => `${name}/${of.name}`)]);
  const seen = new Set<string>();
  for (const path of paths) {
    if (seen.has(path)) throw new Refused(`its manifest lists ${path} twice`);
    seen.add(path);
  }
  for (const of of nodes.flatMap(({ items }) => items)) {
    if (of.sha256 === undefined && (of.error === undefined || of.complete || of.bytes > 0)) {
      throw new Refused(`its manifest does not say what has become of ${of.name}`);
    }
  }
}
