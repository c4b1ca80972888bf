import type { ProcessPage, ResendQueue, UnacknowledgedMessage } from '../../model/daemon-pages.js';
import { escapeControl } from '../escape.js';
import { type Block, extraBlock, plain } from './rows.js';

/** The `-s rsqueue` page: a line for each message. */
export function resendQueueBlocks({ length, messages, extra }: ResendQueue): Block[] {
  return [
    { title: `resent queue (len=${length})`, rows: messages.map((message) => plain(messageLine(message))) },
    ...extraBlock(extra),
  ];
}

function messageLine({ kind, seq, flags }: UnacknowledgedMessage): string {
  return `${kind} -> seq:${seq}${flags === undefined ? '' : ` flags:${flags}`}`;
}

/** The `-s process` page: a line for each child. conntrackd prints nothing where it has none. */
export function processBlocks({ children, extra }: ProcessPage): Block[] {
  const rows = children.map(({ pid, type }) => plain(`PID=${pid} type=${escapeControl(type)}`));
  return [{ rows: rows.length > 0 ? rows : [plain('no child at the moment')] }, ...extraBlock(extra)];
}
