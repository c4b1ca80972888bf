import { placeOfLog } from '../../readers/daemon-log/place.js';
import { SYSLOG_FILES } from '../../readers/daemon-log/live.js';
import type { LogName } from '../../readers/daemon-log/question.js';
import { rulesets } from '../../readers/tracking-use.js';
import { existsAt } from '../../sources/place.js';
import type { SourceOptions } from '../../sources/options.js';
import { type CollectQuestion, logFile, onceFrom, syslogFile, type Wanted } from './wanted.js';

/** All that is read once of a node, as far as it is safe to ask for it there. */
export async function wantedOnce(question: CollectQuestion, options: SourceOptions): Promise<Wanted[]> {
  return [...onceFrom(options, question), ...(await firewall(options)), ...(await logs(options))];
}

/** The rules as a person reads them beside those that we understand. */
async function firewall(options: SourceOptions): Promise<Wanted[]> {
  const commands = await rulesets(options);
  return commands.flatMap((command): Wanted[] => {
    if (command.tool !== 'nft') return [{ name: `firewall/${command.tool}.txt`, from: command }];
    return [
      { name: 'firewall/nft.json', from: command },
      { name: 'firewall/nft.txt', from: { ...command, args: command.args.filter((word) => word !== '-j') } },
    ];
  });
}

/** Where conntrackd's configuration says that logs are. */
async function logs(options: SourceOptions): Promise<Wanted[]> {
  const names: readonly LogName[] = ['daemon', 'stats'];
  const places = await Promise.all(names.map((name) => placeOfLog(name, options).catch(() => undefined)));
  const files = names.flatMap((name, i) => (places[i]?.path === undefined ? [] : [logFile(name, places[i].path)]));
  // Scripts that call conntrackd tell syslog, whatever conntrackd does.
  return [...files, ...(await syslog(options))];
}

async function syslog({ place }: SourceOptions): Promise<Wanted[]> {
  for (const path of SYSLOG_FILES) if (await existsAt(place, path)) return [syslogFile(path)];
  return [];
}
