import type { ConntrackdConf } from '../../model/conntrackd-conf.js';
import type { KeepalivedConf } from '../../model/keepalived-conf.js';
import type { StatusWarning, SyncStatus, UnknownLines } from '../../model/sync-status.js';
import type { Material } from './material.js';

/** What the parsers of both configurations warn of. */
export function warningsOf(
  conf: ConntrackdConf | undefined,
  daemonConfig: Material,
  keepalived: KeepalivedConf | undefined,
): Pick<SyncStatus, 'warnings'> {
  const file = 'file' in daemonConfig ? daemonConfig.file : '';
  const warnings: StatusWarning[] = [
    ...(conf?.warnings ?? []).map((warning) => ({ program: 'conntrackd' as const, file, ...warning })),
    ...(keepalived?.warnings ?? []).map((warning) => ({ program: 'keepalived' as const, ...warning })),
  ];
  return warnings.length > 0 ? { warnings } : {};
}

type Page = { extra?: string[] } | undefined;

/** What of the daemon's pages ctsync does not know: a newer daemon may say more than the status shows. */
export function unknownLines(pages: Record<keyof UnknownLines, Page>): Pick<SyncStatus, 'extra'> {
  const extra = Object.entries(pages).flatMap(([name, page]) => (page?.extra ? [[name, page.extra] as const] : []));
  return extra.length > 0 ? { extra: Object.fromEntries(extra) } : {};
}
