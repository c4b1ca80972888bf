/** Names of a bundle are of these characters. */
const UNSAFE = /[^A-Za-z0-9._+=@,-]/g;
const LONGEST = 90;

/**
 * Where a file of the host lies in the folder of its node: `files/etc/localtime`.
 *
 * @param taken the names that there are already
 */
export function nameOfFile(path: string, taken: ReadonlySet<string>): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
  const name = ['files', ...parts.map((part) => part.replace(UNSAFE, '_').replace(/^-/, '_'))].join('/');
  if (name.length <= LONGEST && parts.length < 12 && !taken.has(name)) return name;
  let number = 1;
  while (taken.has(`files/other-${number}`)) number++;
  return `files/other-${number}`;
}
