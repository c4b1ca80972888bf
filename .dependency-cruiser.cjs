/** Each layer of src/ with the layers that it may import besides itself; commands are on top, the model at the bottom. */
const LAYERS = {
  model: [],
  parsers: ['model'],
  sources: ['model'],
  readers: ['sources', 'parsers', 'query', 'sync', 'model'],
  renderers: ['model'],
  query: ['model'],
  sync: ['model'],
  actions: ['readers', 'sources', 'parsers', 'model'],
  // A commit restarts the daemon as an action does.
  config: ['actions', 'readers', 'sources', 'parsers', 'model'],
  bundle: ['readers', 'query', 'sync', 'sources', 'parsers', 'model'],
  // A bundle is a source as well: --from opens it.
  cli: ['bundle', 'sources', 'renderers', 'model'],
  // A command reads flags and gives exit codes: it asks a reader, never a parser.
  commands: ['cli', 'readers', 'sources', 'renderers', 'query', 'sync', 'actions', 'config', 'bundle', 'model'],
};

/** The only place in src/ that may import a library, and why. */
const LIBRARIES = [
  ['execa', '^src/sources/process\\.ts$', 'one file runs programs, with its deadlines and its environment'],
  ['cli-table3', '^src/renderers/', 'drawing is for the renderers'],
  ['chalk', '^src/renderers/theme\\.ts$', 'colours are decided in one place'],
  ['@oclif', '^src/(?:commands|cli)/', 'what works without a command line must not load one'],
  ['tar-stream', '^src/bundle/archive/', 'an archive is an affair of bundles only'],
  ['signal-exit', '^src/sources/process\\.ts$', 'who starts programs ends them'],
  ['ipaddr\\.js', '^src/(?:parsers|readers|query|config|sync)/', 'addresses are parsed once'],
];

const PURE = '^src/(?:model|parsers|query|sync|renderers)/';

const rulesOfLayers = Object.entries(LAYERS).map(([layer, below]) => ({
  name: `layer-${layer}`,
  comment: `${layer} may import ${['itself', ...below].join(', ')}, and no other layer`,
  severity: 'error',
  from: { path: `^src/${layer}/` },
  to: { path: '^src/', pathNot: `^src/(?:${[layer, ...below].join('|')})/` },
}));

const rulesOfLibraries = LIBRARIES.map(([library, place, reason]) => ({
  name: `library-${library.replace(/\W/g, '')}`,
  comment: reason,
  severity: 'error',
  from: { path: '^src/', pathNot: place },
  to: { path: `(?:^|/)node_modules/${library}/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...rulesOfLayers,
    ...rulesOfLibraries,
    {
      name: 'every-file-in-a-layer',
      comment: 'a file outside the layers has no rules',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(?:${Object.keys(LAYERS).join('|')})/` },
      to: {},
    },
    {
      name: 'pure-layers-touch-nothing',
      comment: 'text in, model out: the same answer from a live tool, a file and a test',
      severity: 'error',
      from: { path: PURE },
      to: { dependencyTypes: ['core'], pathNot: '^(?:node:)?(?:net|events|stream)$' },
    },
    {
      name: 'readers-touch-the-system-through-sources',
      comment: 'a reader judges what a source brings; files, processes and the host are the business of sources',
      severity: 'error',
      from: { path: '^src/readers/' },
      to: { dependencyTypes: ['core'], pathNot: '^(?:node:)?path$' },
    },
    {
      name: 'no-test-in-the-program',
      comment: 'the program does not need its tests, and a package does not have them',
      severity: 'error',
      from: { path: '^(?:src/|bin/(?:run|load))' },
      to: { path: '^(?:test|scripts)/' },
    },
    {
      name: 'no-circle',
      comment: 'two files that need each other are one idea, or hide a third',
      severity: 'error',
      from: { path: '^(?:src|test)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-unresolved',
      comment: 'an import that leads nowhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'nothing-unnamed',
      comment: 'a package that package.json does not name is there by chance',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-development-package-in-the-program',
      comment: 'it would be missing where only the package is installed',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      // A `./x.js` in TypeScript is x.ts, also where an x.mjs stands beside it.
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
