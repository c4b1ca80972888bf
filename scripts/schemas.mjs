// Writes schemas/NAME-N.json for each document that src/model/documents.ts exports: every interface or type whose name
// ends in `Document` and whose `schema` is a literal `ctsync/NAME/N`. With --check it writes nothing and exits 1 if a
// schema is missing or stale. Schemas of older numbers stay where they are: documents go on being checked against them.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  AnnotatedType,
  createFormatter,
  createParser,
  createProgram,
  DEFAULT_CONFIG,
  NumberType,
  SchemaGenerator,
} from 'ts-json-schema-generator';
import ts from 'typescript';
import { describeStatements } from './schemas/statements.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const DOCUMENTS = join(root, 'src/model/documents.ts');
const SCHEMAS = join(root, 'schemas');

/**
 * @param {string} documents the TypeScript file that exports the documents
 * @param {string} tsconfig the configuration to read it with
 * @returns {Map<string, string>} the schemas' text by file name, as in `flow-table-1.json`
 * @throws {Error} if a document has no schema literal, or two have the same
 */
export function schemasOf(documents, tsconfig) {
  const generator = generatorFor({
    path: documents,
    tsconfig,
    topRef: false,
    // A schema only grows: what a newer ctsync adds must not make a document invalid.
    additionalProperties: true,
    // tsc checks the types; here it would only take time.
    skipTypeCheck: true,
  });
  const schemas = new Map();
  for (const name of documentNames(documents)) {
    const schema = generator.createSchema(name);
    describeStatements(schema);
    const { file, id } = identity(name, schema);
    if (schemas.has(file)) throw new Error(`${name} has the schema of another document: ${id}`);
    const { $schema, ...rest } = schema;
    schemas.set(file, `${JSON.stringify({ $schema, $id: id, title: name, ...rest }, null, 2)}\n`);
  }
  return schemas;
}

// In JSON a bigint is an integer; the generator alone would let it be any number.
const BIGINT_PARSER = {
  supportsNode: (node) => node.kind === ts.SyntaxKind.BigIntKeyword,
  createType: () => new AnnotatedType(new NumberType(), { type: 'integer' }, false),
};

function generatorFor(options) {
  const config = { ...DEFAULT_CONFIG, ...options };
  const program = createProgram(config);
  const parser = createParser(program, config, (chain) => chain.addNodeParser(BIGINT_PARSER));
  return new SchemaGenerator(program, parser, createFormatter(config), config);
}

function documentNames(file) {
  const { statements } = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  return statements
    .filter((statement) => ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
    .filter(({ modifiers }) => modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
    .map(({ name }) => name.text)
    .filter((name) => name.endsWith('Document'));
}

function identity(name, schema) {
  const id = schema.properties?.schema?.const;
  const [, file, number] = /^ctsync\/([a-z][a-z-]*)\/(\d+)$/.exec(id) ?? [];
  if (file === undefined) throw new Error(`${name} has no literal like schema: 'ctsync/flow-table/1'`);
  return { id, file: `${file}-${number}.json` };
}

function staleIn(folder, schemas) {
  return [...schemas.keys()].filter((file) => {
    const path = join(folder, file);
    return !existsSync(path) || readFileSync(path, 'utf8') !== schemas.get(file);
  });
}

function main(check) {
  const schemas = schemasOf(DOCUMENTS, join(root, 'tsconfig.json'));
  if (schemas.size === 0) throw new Error(`${relative(root, DOCUMENTS)} exports no document`);
  const stale = staleIn(SCHEMAS, schemas);
  if (!check) {
    mkdirSync(SCHEMAS, { recursive: true });
    for (const file of stale) writeFileSync(join(SCHEMAS, file), schemas.get(file));
    process.stdout.write(`${schemas.size} schemas, ${stale.length} written\n`);
  } else if (stale.length > 0) {
    process.stdout.write(`stale: ${stale.join(', ')}; run \`node scripts/schemas.mjs\`\n`);
    process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.includes('--check'));
