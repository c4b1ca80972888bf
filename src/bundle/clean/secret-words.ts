/** What a secret is replaced by. */
export const REMOVED = '<removed>';

/** Words behind which a secret stands, whatever is between them: `auth_pass x`, `rocommunity x`, `PrivateKey = x`. */
const STRONG = [
  // Not sudo's NOPASSWD.
  '(?<!no)passw(?:or)?ds?(?:[_-]?hash)?',
  '(?<=[a-z0-9][_-])pass',
  'authpass',
  'pass[_-]?phrases?',
  'secret',
  'psk',
  'community',
  '(?:private|secret|shared|api|auth|authentication|access|encryption|session|signing|md5|hmac|tsig|wpa|wep|master|priv)[_-]?key(?:[_-]?base)?',
];
/** Words that mean many things: a secret is only what is assigned to them, or all that their line says. */
const WEAK = ['token', '(?<![a-z0-9])[a-z]*pwd?', '(?<![a-z0-9_-])key', '(?<![a-z0-9])pass', 'credentials?'];
/** Statements with a secret somewhere among their values (snmpd.conf, FRR). */
const WHOLE_STATEMENTS = [
  ...['createuser', 'usmuser', 'com2sec(?:6|unix)?', 'trapsess', 'trap2?sink', 'informsink', 'authcommunity'],
  ...['message-digest-key', 'key-string', 'requirepass'],
];

/** A word of a secret as a whole, with numbers behind it: `password2`, `rocommunity6`. */
function word(words: string[]): string {
  return `(?:${words.join('|')})\\d*(?![a-z0-9_-])`;
}

/** Any word of a secret. What makes a secret of what follows is looked at behind it. */
export const ANY_WORD = new RegExp(
  `(?<strong>${word(STRONG)}|(?<![a-z0-9_-])${word(WHOLE_STATEMENTS)})|${word(WEAK)}`,
  'gi',
);

/**
 * Texts without any of these have no secret: most lines are dumps, which are not looked at closer. The last are the marks of
 * PEM, of a URL with a user, of a hash of crypt(3), of HTTP and of the keys of IPsec.
 */
export const MAY_HAVE_SECRETS =
  /pass|pwd?(?![a-z])|secret|psk|token|credential|communit|(?<!src|dst)key|createuser|usmuser|com2sec|trapsess|trap2?sink|informsink|-----|:\/\/[^\s/]*@|\$[1-9y][a-z]?\$|authorization|\) 0x/i;

/** What has a secret in it without a word for it. */
export const SHAPES: readonly RegExp[] = [
  // https://user:password@host
  /(?<=:\/\/)[^\s/@"'<>]+(?=@)/g,
  // crypt(3)
  /\$(?:[1-9][a-z]?|y|gy|sha1)\$[./A-Za-z0-9$,=+-]{8,}/g,
  /(?<=\bauthorization["']?\s*[:=]\s*["']?(?:basic|bearer|digest|negotiate)\s)[^\s"']+/gi,
  // ip xfrm state: auth-trunc hmac(sha256) 0x… 128
  /(?<=\) )0x[0-9a-f]{16,}/gi,
];
