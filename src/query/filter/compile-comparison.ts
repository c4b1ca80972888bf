import type { FlowRow, Span, TupleRow } from '../../model/flow-row.js';
import type { Condition, Operator } from './ast.js';

type Comparison = Condition & { kind: 'compare' };

/** A sum of two numbers of so few digits is exact in floating point. */
const EXACT_DIGITS = 15;

/** What the sign of `a - b` has to be. */
const HOLDS: Readonly<Record<Operator, (order: number) => boolean>> = {
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
};

/** Whether a quantity of a row compares as asked; never where the row does not have it. Exact up to 64 bits and beyond. */
export function comparison({ quantity, direction, operator, value }: Comparison): (row: FlowRow) => boolean {
  const test = compared(operator, value);
  if (quantity === 'timeout') return (row) => test(row, row.timeout, row.timeout, false);
  if (quantity === 'age') return (row) => test(row, row.deltaTime, row.deltaTime, false);
  const of = (tuple: TupleRow): Span => tuple[quantity];
  if (direction === 'orig') return (row) => test(row, of(row.original), of(row.original), false);
  if (direction === 'reply') return (row) => test(row, of(row.reply), of(row.reply), false);
  return (row) => test(row, of(row.original), of(row.reply), true);
}

/** Compares the number at `a`, with the one at `b` added where `both` says so and it is there. */
function compared(operator: Operator, value: bigint): (row: FlowRow, a: Span, b: Span, both: boolean) => boolean {
  const holds = HOLDS[operator];
  // Rounded only where it is larger than any sum that is compared with it.
  const near = Number(value);
  return (row, a, b, both) => {
    const second = both && b.given;
    if (!a.given) return second && holds(order(row, b, value, near));
    if (!second) return holds(order(row, a, value, near));
    if (a.end - a.start > EXACT_DIGITS || b.end - b.start > EXACT_DIGITS) {
      const sum = BigInt(row.text(a)) + BigInt(row.text(b));
      return holds(sum < value ? -1 : sum > value ? 1 : 0);
    }
    const sum = row.number(a) + row.number(b);
    return holds(sum < near ? -1 : sum > near ? 1 : 0);
  };
}

function order(row: FlowRow, span: Span, value: bigint, near: number): number {
  if (span.end - span.start > EXACT_DIGITS) {
    const exact = BigInt(row.text(span));
    return exact < value ? -1 : exact > value ? 1 : 0;
  }
  const number = row.number(span);
  return number < near ? -1 : number > near ? 1 : 0;
}
