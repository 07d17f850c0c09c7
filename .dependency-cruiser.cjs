/** The import table of README.md, held by the linter. */
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  comment: `${from} may import only what the table in README.md names.`,
  from: { path: `^${from}/` },
  to: { pathNot: allowed },
});

const DOMAIN_LIBRARIES = '^node_modules/(yjs|lib0|lexical|@lexical|typebox|@noble|diff)/';

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: { pathNot: '^node_modules' }, to: { circular: true } },
    { name: 'not-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('domain-is-pure', 'domain', ['^domain/', DOMAIN_LIBRARIES]),
    only('preload-only-contracts', 'preload', [
      '^preload/',
      '^domain/contracts/',
      '^node_modules/electron/',
      '^electron$',
    ]),
    {
      name: 'renderer-has-no-node',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: ['^(main|preload|portal|tests|build)/', '^node_modules/electron/'] },
    },
    {
      name: 'renderer-no-core',
      severity: 'error',
      from: { path: '^renderer/', pathNot: '^renderer/vite.config.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'main-walls',
      severity: 'error',
      from: { path: '^main/' },
      to: { path: '^(renderer|preload|portal|tests|build)/' },
    },
    {
      name: 'engine-is-not-shell',
      severity: 'error',
      from: { path: '^main/engine/' },
      to: { path: '^main/shell/' },
    },
    {
      name: 'store-is-a-library',
      severity: 'error',
      from: { path: '^main/engine/store/' },
      to: { path: '^(main|domain)/', pathNot: '^main/engine/store/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'portal-walls',
      severity: 'error',
      from: { path: '^portal/' },
      to: { path: ['^(main|renderer|preload|tests|build)/', '^node_modules/electron/'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.cjs', '.mjs', '.json'],
    },
  },
};
