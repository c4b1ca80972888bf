import type { LinkStatements, SyncConfiguration } from '../../model/sync-configuration.js';
import { LINK_OPTIONS, type Option, OPTIONS } from '../schema/options.js';
import { ofLink, ofOption, asCommand } from './print.js';

/** The lines that make one configuration of another, typed in this order: what is deleted first. None where they are the same. */
export function changesBetween(from: SyncConfiguration, to: SyncConfiguration): string[] {
  const changes = OPTIONS.map((option) => ofFields(from, to, option, ''));
  const links = ofLinks(from.interface ?? [], to.interface ?? []);
  const all = [...changes, links];
  return [...all.flatMap(({ deleted }) => deleted), ...all.flatMap(({ set }) => set)];
}

interface Changes {
  deleted: string[];
  set: string[];
}

function ofFields(from: object, to: object, option: Option, before: string): Changes {
  const [old, fresh] = [ofOption(from, option), ofOption(to, option)];
  const left = old.filter((each) => fresh.includes(each));
  // New ones come last: where that is not their place, all are set anew.
  const staying = left.every((each, index) => each === fresh[index]) || option.value?.order ? left : [];
  const gone = old.filter((each) => !staying.includes(each));
  const added = fresh.filter((each) => !staying.includes(each));
  return {
    // A new value takes the place of the old one.
    deleted: !option.many && added.length > 0 ? [] : gone.map((each) => asCommand('delete', before + each)),
    set: added.map((each) => asCommand('set', before + each)),
  };
}

/** A link that is not where it was can be moved only by setting it anew: new ones come last. */
function ofLinks(from: readonly LinkStatements[], to: readonly LinkStatements[]): Changes {
  const left = from.filter((link) => to.some(({ name }) => name === link.name));
  let kept = 0;
  while (kept < left.length && left[kept]?.name === to[kept]?.name) kept += 1;
  const staying = left.slice(0, kept);
  const changes = staying.map((link, index) => ofLinkPair(link, to[index] ?? link));
  const gone = from.filter((link) => !staying.includes(link));
  return {
    deleted: [
      ...gone.map(({ name }) => asCommand('delete', `interface ${name}`)),
      ...changes.flatMap(({ deleted }) => deleted),
    ],
    set: [
      ...changes.flatMap(({ set }) => set),
      ...to
        .slice(kept)
        .flatMap(ofLink)
        .map((each) => asCommand('set', each)),
    ],
  };
}

function ofLinkPair(from: LinkStatements, to: LinkStatements): Changes {
  const changes = LINK_OPTIONS.map((option) => ofFields(from, to, option, `interface ${from.name} `));
  return {
    deleted: changes.flatMap(({ deleted }) => deleted),
    set: changes.flatMap(({ set }) => set),
  };
}
