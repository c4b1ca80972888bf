const UNITS: readonly (readonly [number, string])[] = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** Seconds in the two largest units that they fill: `45 s`, `2 h 5 min`, `3 d 4 h`. Negative after a clock change. */
export function duration(seconds: number): string {
  const whole = Math.trunc(seconds);
  const sign = whole < 0 ? '-' : '';
  let rest = Math.abs(whole);
  const parts: string[] = [];
  for (const [size, unit] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 || parts.length > 0 || unit === 's') parts.push(`${count} ${unit}`);
  }
  return sign + parts.filter((part, i) => i === 0 || (i === 1 && !part.startsWith('0 '))).join(' ');
}
