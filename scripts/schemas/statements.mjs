// What the table of statements (src/config/schema) knows of a value and TypeScript's types do not: what it is for, the words or
// numbers that it can be, and its default.
import { tsImport } from 'tsx/esm/api';

const { LINK, LINK_OPTIONS, OPTIONS } = await tsImport('../../src/config/schema/options.ts', import.meta.url);

/** The types whose fields are statements, by their names. */
const TYPES = { SyncConfiguration: [...OPTIONS, LINK], LinkStatements: LINK_OPTIONS };

/** Adds it to the definitions of a schema that has them. */
export function describeStatements({ definitions = {} }) {
  for (const [name, options] of Object.entries(TYPES)) {
    const properties = definitions[name]?.properties;
    if (properties === undefined) continue;
    const unknown = Object.keys(properties).filter((key) => key !== 'name' && !options.some((each) => each.key === key));
    if (unknown.length > 0) throw new Error(`${name} has fields that are no statements: ${unknown.join(', ')}`);
    for (const option of options) describe(properties[option.key], option);
  }
}

function describe(property, { value, help, default: usual }) {
  const { description } = property;
  const values = property.items ?? property;
  property.description = description === undefined ? help : `${help}. ${description}`;
  if (usual !== undefined) property.default = usual;
  if (value?.words !== undefined) values.enum = [...new Set(value.words.map((word) => value.read(word)))];
  if (value?.range !== undefined) [values.minimum, values.maximum] = value.range;
}
