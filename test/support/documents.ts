import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import type { FailureReport } from '../../src/model/failure.js';

const SCHEMAS = fileURLToPath(new URL('../../schemas/', import.meta.url));

/** A document of ctsync as a reader of JSON gets it. */
export interface Document {
  schema: string;
  host?: string;
  collected_at?: string;
  source?: string;
  complete?: boolean;
  error?: FailureReport;
  notes?: string[];
  tracking?: string;
  flows?: Record<string, unknown>[];
  summary?: { shown: number; matched: number; scanned: number; unreadable: number; elapsed_ms: number };
  [key: string]: unknown;
}

const ajv = addFormats.default(new Ajv({ allErrors: true, strictTypes: false }));
for (const file of readdirSync(SCHEMAS)) ajv.addSchema(JSON.parse(readFileSync(SCHEMAS + file, 'utf8')) as object);

/**
 * The one document that a text is, which has to be valid under the published schema that it names, and hold nothing
 * that is null or an empty text.
 *
 * @throws Error that says what is wrong with it
 */
export function documentOf(text: string): Document {
  const document = JSON.parse(text) as Document;
  refuseNothing('the document', document);
  const validate = ajv.getSchema(document.schema);
  if (!validate) throw new Error(`there is no schema ${document.schema}`);
  if (!validate(document)) throw new Error(`${document.schema}: ${ajv.errorsText(validate.errors)}`);
  return document;
}

/** An unknown field is absent: never null, never an empty text (DESIGN, Words out). An argument of a command may be empty. */
function refuseNothing(key: string, value: unknown): void {
  if (value === null || value === '') throw new Error(`${key} is ${JSON.stringify(value)}`);
  if (typeof value !== 'object' || key === 'argv') return;
  for (const [inner, of] of Object.entries(value)) refuseNothing(inner, of);
}
