import type { BundleItem } from '../../model/bundle.js';

/** Not every host has every tool and every file: that they are not there is an answer. */
const ABSENT: readonly string[] = ['TOOL_MISSING', 'CONFIG_UNREADABLE', 'TOOL_FAILED'];

/** Whether an item is missing in a way that says nothing against the bundle. */
export function isExpected({ error, truncated }: BundleItem): boolean {
  return truncated !== true && error !== undefined && ABSENT.includes(error.code);
}
