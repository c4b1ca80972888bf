import { quoted, Refused } from './refused.js';

/** Where a value stands in the manifest, and what was found there that we do not know. */
export interface Place {
  /** `nodes[0].items[3].bytes`, for sentences. */
  at: string;
  /** Keys that this version does not know, by their place. */
  unknown: string[];
}

/** Makes of a value what it should be, or refuses it. */
export type Check<T> = (value: unknown, place: Place) => T;

interface Field<T> {
  check: Check<T>;
  needed: boolean;
}

/** A key that has to be there. */
export function must<T>(check: Check<T>): Field<T> {
  return { check, needed: true };
}

/** A key that may be absent. */
export function may<T>(check: Check<T>): Field<T> {
  return { check, needed: false };
}

/** An object with these keys. Others are told and left out: a newer ctsync may add some. */
export function record<T extends object>(fields: { [Key in keyof T]-?: Field<Exclude<T[Key], undefined>> }): Check<T> {
  const known = Object.entries<Field<unknown>>(fields);
  return (value, { at, unknown }) => {
    const found = objectAt(value, at);
    const made: Record<string, unknown> = {};
    for (const [key, { check, needed }] of known) {
      const place = { at: at === '' ? key : `${at}.${key}`, unknown };
      if (Object.hasOwn(found, key)) made[key] = check(found[key], place);
      else if (needed) throw wrong(place.at, 'is missing');
    }
    for (const key of Object.keys(found)) {
      if (!Object.hasOwn(fields, key)) unknown.push(quoted(at === '' ? key : `${at}.${key}`));
    }
    return made as T;
  };
}

/** A text of at most so many characters, of a form that a sentence can name. */
export function text(longest: number, form?: { test(text: string): boolean }, wanted = 'a text'): Check<string> {
  return (value, { at }) => {
    if (typeof value !== 'string') throw wrong(at, 'is no text');
    if (value.length > longest) throw wrong(at, `is longer than ${longest} characters`);
    if (form && !form.test(value)) throw wrong(at, `is not ${wanted}`);
    return value;
  };
}

/** A whole number in a range. */
export function whole(least: number, most: number = Number.MAX_SAFE_INTEGER): Check<number> {
  return (value, { at }) => {
    if (!Number.isSafeInteger(value)) throw wrong(at, 'is no whole number');
    if ((value as number) < least || (value as number) > most) throw wrong(at, 'is out of range');
    return value as number;
  };
}

/** Any number that JSON has. */
export const finite: Check<number> = (value, { at }) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(at, 'is no number');
  return value;
};

export const yesOrNo: Check<boolean> = (value, { at }) => {
  if (typeof value !== 'boolean') throw wrong(at, 'is neither true nor false');
  return value;
};

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/** RFC 3339 UTC. */
export const time: Check<string> = (value, { at }) => {
  if (typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value))) return value;
  throw wrong(at, 'is no time in UTC');
};

export function oneOf<T extends string | number>(...values: readonly T[]): Check<T> {
  return (value, { at }) => {
    if (!values.includes(value as T)) throw wrong(at, `is none of ${values.join(', ')}`);
    return value as T;
  };
}

export function listOf<T>(check: Check<T>, least: number, most: number): Check<T[]> {
  return (value, { at, unknown }) => {
    if (!Array.isArray(value)) throw wrong(at, 'is no list');
    if (value.length < least) throw wrong(at, 'is too short');
    if (value.length > most) throw wrong(at, `has more than ${most} members`);
    return value.map((each, index) => check(each, { at: `${at}[${index}]`, unknown }));
  };
}

/** An object whose keys are words of a kind, each with the same sort of value. */
export function mapOf<T>(key: RegExp, check: Check<T>, most: number): Check<Record<string, T>> {
  return (value, { at, unknown }) => {
    const pairs = Object.entries(objectAt(value, at));
    if (pairs.length > most) throw wrong(at, `has more than ${most} keys`);
    for (const [name] of pairs) if (!key.test(name)) throw wrong(at, `has the key ${quoted(name)}`);
    return Object.fromEntries(pairs.map(([name, of]) => [name, check(of, { at: `${at}.${name}`, unknown })]));
  };
}

function objectAt(value: unknown, at: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(at, 'is no object');
  return value as Record<string, unknown>;
}

function wrong(at: string, what: string): Refused {
  return new Refused(`in its manifest, ${at === '' ? 'the whole' : at} ${what}`);
}
