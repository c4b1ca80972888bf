import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Libraries that only one part of the house may know (which layer may import which is in .dependency-cruiser.cjs). */
const LIBRARIES = {
  execa: { group: ['execa'], message: 'Only src/sources/process.ts runs programs.' },
  spawn: { group: ['node:child_process'], message: 'Only src/sources/process.ts runs programs, with execa.' },
  tables: { group: ['cli-table3'], message: 'Only the renderers draw tables.' },
  colours: { group: ['chalk'], message: 'Only the renderers know colours.' },
  oclif: { group: ['@oclif/*', '!@oclif/test'], message: 'Only src/commands and src/cli know oclif.' },
  // Loading all of it costs more than the rest of the program.
  wholeOclif: { regex: '^@oclif/core$', message: "Import a part: '@oclif/core/command', '@oclif/core/flags' …" },
  node: { regex: '^node:(?!net$)', message: 'A parser and the model are pure: no process, no file, no clock.' },
  sockets: {
    group: ['node:net'],
    allowImportNames: ['isIP', 'isIPv4', 'isIPv6'],
    message: 'A parser and the model are pure: they may ask what an address is, no more.',
  },
};

function without(...allowed) {
  const patterns = Object.entries(LIBRARIES)
    .filter(([name]) => !allowed.includes(name))
    .map(([, pattern]) => pattern);
  return { 'no-restricted-imports': ['error', { patterns }] };
}

const NO_EXPORT_ALL = {
  selector: 'ExportAllDeclaration',
  message: 'No barrel files: they load everything at start-up.',
};
const NO_CLOCK = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'No clock here: take the time as a parameter.',
  },
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: 'No clock here: take the time as a parameter.',
  },
];
const IMPURE = ['process', 'console', 'performance', 'fetch', 'setTimeout', 'setInterval', 'setImmediate'];

const UNUSED = { argsIgnorePattern: '^_', varsIgnorePattern: '^_' };

const NODE_GLOBALS = [
  'AbortController',
  'AbortSignal',
  'Buffer',
  'TextDecoder',
  'TextEncoder',
  'URL',
  'clearInterval',
  'clearTimeout',
  'console',
  'performance',
  'process',
  'queueMicrotask',
  'setImmediate',
  'setInterval',
  'setTimeout',
];

function readonly(globals) {
  return Object.fromEntries(globals.map((name) => [name, 'readonly']));
}

export default defineConfig(
  { ignores: ['dist/', 'coverage/', 'schemas/', 'test/fixtures/', 'examples/', '**/*.generated.js'] },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: { 'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'], location: 'anywhere' }] },
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // What a catch clause has caught is thrown again as it is.
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true, allowRethrowing: true }],
      '@typescript-eslint/no-unused-vars': ['error', UNUSED],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-console': 'error',
      'max-lines': ['error', { max: 300 }],
      'no-restricted-syntax': ['error', NO_EXPORT_ALL],
      ...without('node', 'sockets'),
    },
  },
  { files: ['src/commands/**/*.ts', 'src/cli/**/*.ts'], rules: without('node', 'sockets', 'oclif') },
  { files: ['src/renderers/**/*.ts'], rules: without('node', 'sockets', 'tables', 'colours') },
  { files: ['src/sources/process.ts'], rules: without('node', 'sockets', 'execa', 'spawn') },
  {
    files: ['src/parsers/**/*.ts', 'src/sync/**/*.ts', 'src/model/**/*.ts'],
    rules: {
      ...without(),
      'no-restricted-globals': ['error', ...IMPURE],
      'no-restricted-syntax': ['error', NO_EXPORT_ALL, ...NO_CLOCK],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // chai's assertions read as properties: expect(x).to.be.true
      '@typescript-eslint/no-unused-expressions': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name=/^(it|describe)$/][property.name='only']",
          message: 'Left over from debugging.',
        },
      ],
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { globals: readonly(NODE_GLOBALS) },
    rules: { 'no-unused-vars': ['error', UNUSED] },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: readonly(['module', 'require', '__dirname']) },
  },
);
