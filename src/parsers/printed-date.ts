const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** As `date` prints it in the C locale; names of other zones than these say nothing certain. */
const DATE = /^\w{3} (\w{3}) ([ \d]\d) (\d\d):(\d\d):(\d\d) (?:UTC|GMT) (\d{4})\n?$/;

/** The moment that `date --utc` has printed; undefined for any other text, and for what `date` says in another time zone. */
export function parsePrintedDate(text: string): Date | undefined {
  const [, month = '', day, hours, minutes, seconds, year] = DATE.exec(text) ?? [];
  if (!MONTHS.includes(month)) return undefined;
  const fields = [Number(year), MONTHS.indexOf(month), Number(day), Number(hours), Number(minutes), Number(seconds)];
  const date = new Date(Date.UTC(...(fields as [number, number])));
  const [, , dayOfMonth, hour, minute] = fields;
  const isReal = date.getUTCDate() === dayOfMonth && date.getUTCHours() === hour && date.getUTCMinutes() === minute;
  return isReal ? date : undefined;
}
