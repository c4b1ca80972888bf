const UNITS = ['', ' k', ' M', ' G', ' T', ' P', ' E'];
const THOUSAND = 1000;
/** Numbers up to here are shown with all their digits. */
const SHORT = 10_000;

/** A number as a person compares it: `9,999`, `12.3 k`, `4.57 M`, `-1.2`, `0.02`; thousands, not 1024s. */
export function scaled(value: number | bigint): string {
  const number = Number(value);
  const size = Math.abs(number);
  if (size < SHORT) return Number.isInteger(number) ? grouped(number) : fraction(number);
  let unit = 0;
  let rest = size;
  // Rounded to three digits 999.6 is 1000, which is 1.00 of the next unit.
  while (rest >= THOUSAND - 0.5 && unit < UNITS.length - 1) {
    rest /= THOUSAND;
    unit++;
  }
  const digits = rest < 9.995 ? 2 : rest < 99.95 ? 1 : 0;
  return `${number < 0 ? '-' : ''}${rest.toFixed(digits)}${UNITS[unit]!}`;
}

/** Between two digits, with three or six or so more behind it. */
const THOUSANDS = /\B(?=(?:\d{3})+$)/g;

/** All digits of a whole number, with a comma between thousands. `toLocaleString` takes 15 ms the first time. */
export function grouped(number: number | bigint): string {
  return String(number).replace(THOUSANDS, ',');
}

/** A part of a whole: `12.3 %`, `100 %`; what is not nothing is never `0 %`. */
export function percent(part: number): string {
  if (part === 0) return '0 %';
  if (part < 0.001) return '<0.1 %';
  return part >= 0.9995 ? '100 %' : `${(part * 100).toFixed(1)} %`;
}

/** One digit behind the point, two below 1, so that what is not nothing does not look like it. */
function fraction(number: number): string {
  const size = Math.abs(number);
  const sign = number < 0 ? '-' : '';
  if (size < 1) return size < 0.01 ? `${sign}<0.01` : sign + size.toFixed(2);
  const [whole = '', tenths = ''] = size.toFixed(1).split('.');
  return `${sign}${grouped(Number(whole))}.${tenths}`;
}
