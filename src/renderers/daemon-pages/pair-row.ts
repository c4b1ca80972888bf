import type { Counter } from '../../model/number.js';
import { column, counter, type Row } from './rows.js';

interface NamedCounter {
  /** With the blanks that the daemon prints behind it. */
  name: string;
  value: Counter;
  rate: number | undefined;
}

/** Two figures of 64 bits in one line, each before its name. */
export function pairRow(left: NamedCounter, right: NamedCounter): Row {
  return {
    text: `${column(left.value, 20)} ${left.name} ${column(right.value, 20)} ${right.name}`,
    figures: [left, right].map(({ name, value, rate }) => counter(name.trimEnd(), value, rate)),
  };
}
