import type { ReadingProgress } from '../model/flow-stream.js';
import { grouped } from './scaled.js';

/** Reading is not over before it is. */
const MOST_PERCENT = 99;

/**
 * How far a reading has come, in as many words as there is room for: the share of what there is to read where that is
 * known, the flows so far, and the time.
 *
 * @param room characters; the text is never wider
 */
export function progressText({ flows, of, share }: ReadingProgress, seconds: number, room: number): string {
  const percent = share === undefined ? undefined : `${Math.min(Math.floor(share * 100), MOST_PERCENT)} %`;
  const count = `${grouped(flows)}${of === undefined ? '' : ` of about ${grouped(of)}`} flows`;
  const time = `${seconds} s`;
  const facts = percent === undefined ? [count, time] : [percent, count, time];
  const shorter = [
    `reading: ${facts.join(', ')}`,
    facts.join(', '),
    [percent ?? grouped(flows), time].join(', '),
    time,
  ];
  return shorter.find((text) => text.length <= room) ?? '';
}

/** How long it is until something is read a second time, in as many words as there is room for. */
export function waitingText(left: number, room: number): string {
  const time = `${Math.ceil(left)} s`;
  return [`the second reading comes in ${time}`, time].find((text) => text.length <= room) ?? '';
}
