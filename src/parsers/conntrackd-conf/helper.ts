import type { ConntrackdConf, HelperConf, HelperPolicyConf, UserspaceHelperConf } from '../../model/conntrackd-conf.js';
import type { Cursor, Statements } from './cursor.js';
import { Mistake } from './cursor.js';
import { warnAboutHelper } from './helper-modules.js';
import type { Token } from './lexer.js';
import { readBoolean, readNumber } from './values.js';

/** `Helper { … }`. */
export function readHelper(cursor: Cursor, conf: ConntrackdConf): void {
  const helper = (conf.helper ??= { types: [] });
  cursor.block('Helper', new HelperBlock(helper), HELPER);
}

type Options = Pick<UserspaceHelperConf, 'queue_number' | 'queue_length' | 'policies'>;

/**
 * What is open while the block is read. The grammar lets a helper's options stand outside of a `Type`, and a `Type`
 * inside another: options belong to the `Type` that is closed next (found by asking conntrackd 1.4.7).
 */
class HelperBlock {
  options: Options = { policies: [] };
  depth = 0;

  constructor(readonly conf: HelperConf) {}
}

// The stack of conntrackd's parser holds no more `Type` blocks inside one another.
const DEEPEST_TYPE = 1665;

function readType(cursor: Cursor, block: HelperBlock): void {
  const [name, family, transport] = [readWord(cursor), readWord(cursor), readWord(cursor)];
  const brace = cursor.peek();
  cursor.expectOne(['{']);
  block.depth += 1;
  if (block.depth > DEEPEST_TYPE) throw new Mistake(brace.text, brace.line, 'conntrackd reads no deeper nesting');
  cursor.statements('Type', block, TYPE);
  block.depth -= 1;
  block.conf.types.push({
    name: name.text,
    family: oneOf(family, ['inet', 'inet6'], 'a helper is for inet or inet6'),
    transport: oneOf(transport, ['tcp', 'udp'], 'a helper is for tcp or udp'),
    ...block.options,
  });
  warnAboutHelper(cursor, name, transport.text, block.options.policies);
  block.options = { policies: [] };
}

function readWord(cursor: Cursor): Token {
  return cursor.expect('word', 'a word (Type NAME inet|inet6 tcp|udp)');
}

function oneOf<Word extends string>(token: Token, words: readonly Word[], rule: string): Word {
  const word = words.find((each) => each === token.text);
  if (word === undefined) throw new Mistake(token.text, token.line, rule);
  return word;
}

const LONGEST_POLICY_NAME = 16;

function readPolicy(cursor: Cursor, block: HelperBlock): void {
  const name = cursor.expect('word', 'the name of a policy');
  const policy: HelperPolicyConf = { name: name.text };
  cursor.block('Policy', policy, POLICY);
  if (Object.keys(policy).length === 1) {
    throw new Mistake(name.text, name.line, 'a policy has to say ExpectMax or ExpectTimeout');
  }
  if (name.text.length > LONGEST_POLICY_NAME) {
    throw new Mistake(name.text, name.line, `the name of a policy has ${LONGEST_POLICY_NAME} characters at most`);
  }
  block.options.policies.push(policy);
}

const POLICY: Statements<HelperPolicyConf> = {
  ExpectMax: (cursor, policy, keyword) => {
    policy.expect_max = readNumber(cursor, keyword);
  },
  ExpectTimeout: (cursor, policy, keyword) => {
    policy.expect_timeout = readNumber(cursor, keyword);
  },
};

const TYPE: Statements<HelperBlock> = {
  QueueNum: (cursor, { options }, keyword) => {
    options.queue_number = readNumber(cursor, keyword);
  },
  QueueLen: (cursor, { options }, keyword) => {
    options.queue_length = readNumber(cursor, keyword);
  },
  Policy: readPolicy,
  Type: readType,
};

const HELPER: Statements<HelperBlock> = {
  ...TYPE,
  Setup: (cursor, { conf }) => {
    conf.setup = readBoolean(cursor);
  },
};
