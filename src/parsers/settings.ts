/** The settings of a kernel, as `grep -r '' /proc/sys/…` and `grep -r '' /sys/module/…` print them. */
export interface KernelSettings {
  /** By names such as `net.netfilter.nf_conntrack_max` and `nf_conntrack.hashsize`; a value of several lines has blanks between. */
  values: ReadonlyMap<string, string>;
  /** Lines that are none, and a last one without its end, whose value may be cut. */
  unreadable: number;
}

const SYSCTL = /^\/proc\/sys\/([\w./@-]+):(.*)$/;
const PARAMETER = /^\/sys\/module\/(\w+)\/parameters\/(\w+):(.*)$/;
/** Two lines that have become one: the value would be that of both. */
const ANOTHER_PATH = /\/(?:proc\/sys|sys\/module)\//;

/** Reads settings line by line: path, colon, value. */
export function parseSettings(text: string): KernelSettings {
  const lines = text.split('\n');
  const cut = lines.pop() !== '';
  const values = new Map<string, string>();
  let unreadable = cut ? 1 : 0;
  for (const line of lines) {
    const setting = settingIn(line);
    if (setting === undefined) {
      unreadable++;
      continue;
    }
    const { name, value } = setting;
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before} ${value}`);
  }
  return { values, unreadable };
}

function settingIn(line: string): { name: string; value: string } | undefined {
  const [, path, sysctl] = SYSCTL.exec(line) ?? [];
  const [, module, parameter, argument] = PARAMETER.exec(line) ?? [];
  const value = sysctl ?? argument;
  if (value === undefined || ANOTHER_PATH.test(value)) return undefined;
  return { name: path === undefined ? `${module!}.${parameter!}` : path.replaceAll('/', '.'), value };
}
