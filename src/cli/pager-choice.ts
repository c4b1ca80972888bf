/** The pager that a long page is to go through. */
export interface PagerChoice {
  /** The program and its arguments: never a shell line. */
  words: readonly [program: string, ...args: string[]];
  /** Variables for it over our own; undefined removes one. */
  env: Record<string, string | undefined>;
  /** What is to be said of the operator's own choice. */
  warning?: string;
}

/** What of the process decides which pager is trusted. */
interface User {
  uid: number | undefined;
  euid: number | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** -F ends at once where a page fits after all, -R lets colours through, -S cuts no line in two, -X leaves the page standing. */
const LESS = ['less', '-FRSX'] as const;
/** Only words that a shell would leave as they are; an assignment before the command is a matter for a shell, too. */
const PLAIN_WORDS = /^(?![^\s=]*=)[\w@%+=:,./ \t-]+$/;
/** What tells that somebody else's environment may have come along with root's rights. */
const RAISED = ['SUDO_UID', 'DOAS_USER', 'PKEXEC_UID'];

/**
 * The pager that the environment asks for; undefined where it wants none, which an empty variable or `cat` says. As root
 * under sudo the operator's pager and its settings are not ours to run: plain less, without its commands that start
 * programs or write files.
 */
export function choosePager(env: Environment, user: User): PagerChoice | undefined {
  const wanted = (env['CTSYNC_PAGER'] ?? env['PAGER'])?.trim();
  if (wanted === '' || wanted === 'cat') return undefined;
  if (isRaised(env, user)) return { words: LESS, env: SECURE };
  if (wanted === undefined) return { words: LESS, env: {} };
  if (!PLAIN_WORDS.test(wanted)) {
    const warning = `The pager ${JSON.stringify(wanted)} needs a shell, which ctsync does not run: this page went through less.`;
    return { words: LESS, env: {}, warning };
  }
  const [program = '', ...args] = wanted.split(/\s+/);
  return { words: [program, ...args], env: withColours(env['LESS']) };
}

function isRaised(env: Environment, { uid, euid }: User): boolean {
  return uid !== euid || RAISED.some((name) => env[name] !== undefined);
}

/** The less of an operator who names it without options, as git does it. */
function withColours(less: string | undefined): PagerChoice['env'] {
  return { LESS: less === undefined ? 'FRSX' : `-R ${less}` };
}

const SECURE: PagerChoice['env'] = {
  LESSSECURE: '1',
  LESSHISTFILE: '-',
  LESS: undefined,
  LESSOPEN: undefined,
  LESSCLOSE: undefined,
  LESSKEY: undefined,
  LESSKEYIN: undefined,
  LESSKEY_CONTENT: undefined,
  LESSEDIT: undefined,
};
