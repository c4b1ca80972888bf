import type { SyncConfiguration } from '../../model/sync-configuration.js';
import { type OptionKey, OPTIONS } from '../schema/options.js';
import { ofOption } from '../statements/print.js';

/** The statement that a line comes from; where it is not set, whose default it is. */
export function noted(configuration: SyncConfiguration, key: OptionKey): string {
  const option = OPTIONS.find((each) => each.key === key);
  if (option === undefined) throw new Error(`there is no statement ${key}`);
  return ofOption(configuration, option)[0] ?? `default of ${option.words.join(' ')}`;
}
