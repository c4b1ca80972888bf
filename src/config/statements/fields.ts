import type { Option } from '../schema/options.js';
import type { Value } from '../schema/values.js';

/** What statements are kept in: a configuration, or one of its links. */
export type Fields = Partial<Record<string, unknown>>;

/** The values that an option has; none where it is not set, and `true` for a flag. */
export function valuesOf(fields: object, { key }: Pick<Option, 'key'>): readonly (Value | true)[] {
  const value = (fields as Fields)[key];
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]) as (Value | true)[];
}

/** The same fields with one that has other values; without it where there are none. */
export function withValues<F extends object>(fields: F, option: Option, values: readonly (Value | true)[]): F {
  const { [option.key]: _old, ...others } = fields as Fields;
  if (values.length === 0) return others as F;
  const { value, many } = option;
  const kept = many ? [...new Set(values as Value[])].sort((a, b) => value?.order?.(a, b) ?? 0) : values.at(-1);
  return { ...others, [option.key]: kept } as F;
}
