import type { ConntrackdConf, LinkConf, SyncConf } from '../../model/conntrackd-conf.js';
import type { LinkStatements, SyncConfiguration } from '../../model/sync-configuration.js';
import { isFtfw, linksOf } from './statements.js';
import {
  added,
  ALARM,
  differing,
  FILTER,
  filterText,
  GENERAL,
  helperText,
  LINK_BLOCK,
  linkText,
  MODE,
  modeText,
  OPTIONS_BLOCK,
} from './words.js';

/**
 * The statements with all of a conntrackd configuration that they would not write, or would write otherwise.
 *
 * @param made what conntrackd reads in the file that the statements make
 */
export function withPassThrough(
  statements: SyncConfiguration,
  conf: ConntrackdConf,
  made: ConntrackdConf,
): SyncConfiguration {
  const { filter, ...general } = conf.general;
  const { filter: madeFilter = {}, ...madeGeneral } = made.general;
  const fromKernel = filter?.from === 'kernelspace';
  const madeSync = made.sync ?? { links: [] };
  const all: SyncConfiguration = {
    ...statements,
    pass_through_file:
      conf.helper && JSON.stringify(conf.helper) !== JSON.stringify(made.helper) ? [helperText(conf.helper)] : [],
    pass_through_filter: filter && !fromKernel ? differing(FILTER, filter, madeFilter) : [],
    pass_through_general: [
      ...differing(GENERAL, general, madeGeneral),
      ...(filter && fromKernel ? [filterText(filter)] : []),
    ],
    ...(conf.sync ? ofSync(conf.sync, madeSync) : {}),
    ...(statements.interface
      ? { interface: statements.interface.map((link) => withPassed(link, conf.sync, madeSync)) }
      : {}),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => !Array.isArray(value) || value.length > 0));
}

function ofSync(sync: SyncConf, made: SyncConf): SyncConfiguration {
  const named = linksOf(sync);
  const alarm = sync.mode === 'alarm' ? [] : differing(ALARM, sync, made);
  return {
    pass_through_mode: isFtfw(sync) ? differing(MODE, sync, made) : [],
    pass_through_options: differing(OPTIONS_BLOCK, sync, made),
    // The order of links counts.
    pass_through_sync: [
      ...(isFtfw(sync) ? [] : [modeText(sync)]),
      ...alarm,
      ...(named.length > 0 ? [] : sync.links.map(linkText)),
    ],
  };
}

function withPassed(link: LinkStatements, sync: SyncConf | undefined, made: SyncConf): LinkStatements {
  const wanted = sync?.links.find((each) => each.interface === link.name);
  const there = made.links.find((each) => each.interface === link.name);
  if (wanted === undefined || there === undefined) return link;
  const texts = differing(LINK_BLOCK, fieldsOf(wanted), fieldsOf(there));
  return texts.length === 0 ? link : { ...link, pass_through: texts };
}

function fieldsOf({
  transport: _transport,
  default: _default,
  ...fields
}: LinkConf): Omit<LinkConf, 'transport' | 'default'> {
  return fields;
}

/** What the file of the statements says, and the imported one leaves to conntrackd. */
export function madeExplicit(conf: ConntrackdConf, made: ConntrackdConf): string[] {
  const sync: Partial<SyncConf> = conf.sync ?? {};
  const links = (made.sync?.links ?? []).flatMap((link) => {
    const wanted = conf.sync?.links.find((each) => each.interface === link.interface);
    return wanted === undefined ? [] : added(LINK_BLOCK, fieldsOf(wanted), fieldsOf(link));
  });
  const texts = [
    ...added(GENERAL, conf.general, made.general),
    ...added(MODE, sync, made.sync ?? { links: [] }),
    ...links,
  ];
  return [...new Set(texts)];
}
