import type { Transition, TransitionHistory, TransitionStep } from '../model/transition.js';
import { type Column, ColumnLayout } from './columns.js';
import { escapeControl } from './escape.js';
import { fold } from './fold.js';
import { grouped } from './scaled.js';
import type { Sink } from './sink.js';
import { TextBuffer } from './text-buffer.js';
import { theme } from './theme.js';

const NOTHING = '-';
const INDENT = '    ';

/** A row for each transition, what went wrong in it below, and a line of what there is. */
export function renderHistoryTable(
  { transitions, summary, complete }: TransitionHistory,
  { columns, colour }: Pick<Sink, 'columns' | 'colour'>,
): string {
  if (transitions.length === 0) return complete === false ? 'No transitions. INCOMPLETE.\n' : 'No transitions.\n';
  const layout = new ColumnLayout(COLUMNS, transitions, columns, theme(colour));
  const rows = new TextBuffer();
  for (const transition of transitions) {
    layout.write(transition, rows);
    for (const line of troubles(transition)) rows.text(indented(line, columns));
  }
  const shown = transitions.length === 1 ? '1 transition' : `${grouped(transitions.length)} transitions`;
  const unreadable = summary.unreadable === 0 ? '' : `, ${grouped(summary.unreadable)} unreadable`;
  const incomplete = complete === false ? '. INCOMPLETE' : '';
  return `${layout.header()}${rows.take().toString('utf8')}\n${shown}${unreadable}${incomplete}.\n`;
}

/** Titles, and what stands below them. */
const COLUMNS: readonly Column<Transition>[] = [
  column('TIME', ({ at, at_text: written }) => (at === undefined ? (written ?? NOTHING) : toTheSecond(at))),
  column('GROUP', ({ group }) => group),
  column('FROM', ({ from }) => from ?? NOTHING),
  column('TO', ({ to, delayed }) => (delayed ? `${to}+` : to)),
  column('TOOK', ({ seconds }) => (seconds === undefined ? NOTHING : `${seconds.toFixed(2)} s`)),
  column('COMMITTED', committed),
  {
    ...column('RESULT', ({ result }) => result ?? NOTHING),
    style: ({ result }, { failure, warning }) =>
      result === 'failed' || result === 'killed' ? failure : result === 'superseded' ? warning : undefined,
  },
];

function column(title: string, cell: (transition: Transition) => string): Column<Transition> {
  return {
    title,
    width: title.length + 2,
    most: 200,
    write: (out, transition) => out.text(ascii(cell(transition))),
  };
}

/** A cell is as wide as it has characters; whatever else a name may hold is written as its number. */
function ascii(text: string): string {
  return escapeControl(text).replace(/[^ -~]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

function toTheSecond(at: string): string {
  return `${at.slice(0, 19)}Z`;
}

/** Flows alone: expectations are few, and the document has them. */
function committed({ commits }: Transition): string {
  const flows = commits?.filter(({ table }) => table === 'flows') ?? [];
  if (flows.length === 0) return NOTHING;
  const sum = (of: 'committed' | 'failed'): number => flows.reduce((total, commit) => total + commit[of], 0);
  return `${grouped(sum('committed'))}${sum('failed') > 0 ? `, ${grouped(sum('failed'))} not` : ''}`;
}

function troubles({ steps = [], waited_seconds: waited, result }: Transition): string[] {
  return [
    ...(waited === undefined ? [] : [`waited ${waited.toFixed(2)} s for the run before`]),
    ...(result === 'superseded' ? ['nothing was done: a newer state was there'] : []),
    ...(result === 'killed' ? ['the hook was ended before it was done; what was done is not known'] : []),
    ...steps.filter(({ result: of, step }) => of !== 'ok' || step === 'start' || step === 'wait').map(inWords),
  ];
}

function inWords({ step, request, result, seconds, reason }: TransitionStep): string {
  const name = `${step.replace('_', ' ')}${request === undefined ? '' : ` (${request})`}`;
  const what = result === 'ok' ? `took ${seconds.toFixed(2)} s` : result.replace('_', ' ');
  return `${name} ${what}${reason === undefined ? '' : `: ${reason}`}`;
}

function indented(line: string, columns: number | undefined): string {
  const text = escapeControl(line);
  const parts = columns === undefined ? [text] : fold(text, Math.max(columns - INDENT.length, 1));
  return parts.map((part) => `${INDENT}${part}\n`).join('');
}
