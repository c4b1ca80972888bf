import type { ConntrackdConf } from '../../model/conntrackd-conf.js';
import { Failure } from '../../model/failure.js';
import type { SyncConfiguration } from '../../model/sync-configuration.js';
import { parseConntrackdConf } from '../../parsers/conntrackd-conf.js';
import { renderConntrackdConf, syncGroupIn } from '../render/conntrackd-conf.js';
import type { RenderSurroundings } from '../render/surroundings.js';
import { changesBetween } from '../statements/compare.js';
import { parseStatements } from '../statements/parse.js';
import { commandsOf } from '../statements/print.js';
import { madeExplicit, withPassThrough } from './pass-through.js';
import { statementsIn } from './statements.js';

/** What a conntrackd.conf is as statements. */
export interface ImportedConf {
  configuration: SyncConfiguration;
  /** Sentences on what is not as it was. */
  notes: string[];
}

/**
 * A conntrackd configuration as statements. What has none is kept as it stands, in `pass-through` statements, so that the file
 * which is made of them says all that this one said.
 *
 * @param file its path, for sentences
 * @throws Failure CONFIG_INVALID where conntrackd would not take the file
 */
export function importConntrackdConf(text: string, file: string, surroundings: RenderSurroundings): ImportedConf {
  const conf = parseConntrackdConf(text, file);
  const group = syncGroupIn(text);
  const found = statementsIn(conf);
  const statements = group === undefined ? found : { ...found, sync_group: group };
  const read = (configuration: SyncConfiguration): ConntrackdConf =>
    parseConntrackdConf(renderConntrackdConf(configuration, surroundings), file);
  const configuration = withPassThrough(statements, conf, read(statements));
  refuseUnless(isKept(configuration), file);
  return { configuration, notes: notesOn(conf, file, madeExplicit(conf, read(configuration))) };
}

/** Whether all of it can be written as statements and read again; names of files may hold what no statement can. */
function isKept(configuration: SyncConfiguration): boolean {
  try {
    const read = parseStatements(commandsOf(configuration).join('\n'), 'statements').configuration;
    return changesBetween(configuration, read).length === 0;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

function refuseUnless(kept: boolean, file: string): void {
  if (kept) return;
  throw new Failure(
    'CONFIG_INVALID',
    `${file} has a statement that can not be kept: a name in it is not plain ASCII.`,
    {
      next: 'Give that file or link another name, and import it again. Nothing was changed.',
    },
  );
}

function notesOn(conf: ConntrackdConf, file: string, explicit: readonly string[]): string[] {
  return [
    ...(conf.stats ? [`Stats { … } has no place beside Sync, and is left out.`] : []),
    ...conf.warnings.flatMap(({ line, message }) =>
      line === undefined ? [] : [`Line ${line} of ${file}: ${message}.`],
    ),
    ...(explicit.length > 0
      ? [
          `What ${file} leaves to conntrackd's own defaults is set from now on, and may differ from them: ${explicit.join('; ')}.`,
        ]
      : []),
  ];
}
