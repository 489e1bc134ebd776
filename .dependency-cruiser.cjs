/** Who may import whom. Types count like code: `tsPreCompilationDeps` sees `import type`, too. */

/** What rooms outside `workflows/` may see of it. */
const contracts = '^workflows/(goflow/contracts|shared)/';

/** @param {string} name @param {string} comment @param {object} from @param {object} to */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    forbid(
      'workflows-are-pure',
      'An allow-list: workflow code is replayed, so it knows itself, two packages of Temporal and zod, and nothing else.',
      { path: '^workflows/' },
      { pathNot: ['^workflows/', '^node_modules/@temporalio/(workflow|common)/', '^node_modules/zod/'] },
    ),
    forbid(
      'contracts-stand-alone',
      'Arrows point at the contracts and at what is general, not away from them.',
      { path: contracts },
      { path: '^workflows/', pathNot: contracts },
    ),
    forbid(
      'shared-workflow-code-is-general',
      'The next system uses workflows/shared, too: it knows nothing of goflow.',
      { path: '^workflows/shared/' },
      { path: '^workflows/goflow/' },
    ),
    forbid(
      'only-contracts-leave-workflows',
      'Everyone else speaks with workflows by name, through their contracts.',
      { path: '^(activities|workers|client|config|tools|bench)/' },
      { path: '^workflows/', pathNot: contracts },
    ),
    forbid(
      'activities-get-what-they-need',
      'Activities are factories: configuration, clients and telemetry are handed in by workers/deps.ts.',
      { path: '^activities/' },
      { path: '^(workers|client|config|tools|bench|test)/' },
    ),
    forbid(
      'parts-of-activities-are-general',
      'Images, vision, QA and shared parts serve the activities of goflow; none of them knows one.',
      { path: '^activities/(images|vision|qa|shared)/' },
      { path: '^activities/goflow/' },
    ),
    forbid(
      'shared-activities-are-the-floor',
      'activities/shared serves images, vision, QA and goflow alike.',
      { path: '^activities/shared/' },
      { path: '^activities/', pathNot: '^activities/shared/' },
    ),
    forbid(
      'config-is-read-not-run',
      'Configuration knows the contracts and itself.',
      { path: '^config/' },
      { path: '^(activities|workers|client|tools|bench|test)/' },
    ),
    forbid(
      'client-knows-only-contracts',
      'The CLI and the API reach the work through Temporal, never through its code.',
      { path: '^client/' },
      { path: '^(activities|workers|tools|bench|test)/' },
    ),
    forbid(
      'operations-are-shown-by-others',
      'CLI and API stand over client/operations, side by side.',
      { path: '^client/operations/' },
      { path: '^client/(cli|http|report)/' },
    ),
    forbid(
      'cli-and-api-are-neighbours',
      'What both need belongs into client/operations.',
      { path: '^client/(cli|http)/' },
      { path: '^client/(cli|http)/', pathNot: '^client/$1/' },
    ),
    forbid(
      'workers-put-together',
      'Workers compose the product and nothing of its surroundings. Of the client they prepare the namespace with one verb.',
      { path: '^workers/' },
      { path: '^(client|tools|bench|test)/', pathNot: '^client/operations/prepare-namespace\\.ts$' },
    ),
    forbid(
      'processes-are-started-not-imported',
      'A file called main.ts starts something when it is loaded.',
      {},
      { path: '/main\\.ts$', pathNot: '^node_modules/' },
    ),
    forbid(
      'only-harnesses-use-stand-ins',
      'The demo and the benchmark run against the stand-ins; nobody else imports from test/.',
      { pathNot: '^test/' },
      { path: '^test/', pathNot: '^test/stand-ins/' },
    ),
    forbid(
      'stand-ins-are-for-harnesses',
      'See only-harnesses-use-stand-ins.',
      { pathNot: '^(test|bench|tools/demo)/' },
      { path: '^test/' },
    ),
    forbid(
      'stand-ins-share-no-code',
      'A stand-in that used our code would agree with our mistakes.',
      { path: '^test/stand-ins/', pathNot: '\\.test\\.ts$' },
      { pathNot: ['^test/stand-ins/', '^node_modules/'], dependencyTypesNot: ['core'] },
    ),
    forbid(
      'one-way-to-speak-http',
      'Timeouts, size limits and redirects are judged in one place; Ollama sends through its own official client.',
      { path: '^(activities|workers|client|config)/', pathNot: '^activities/(shared/http|vision/ollama)\\.ts$' },
      { path: '^node_modules/undici/' },
    ),
    forbid('no-cycles', 'A cycle has no first file to read.', {}, { circular: true }),
    forbid(
      'no-tools-in-the-product',
      'The product is installed without devDependencies.',
      { path: '^(workflows|activities|workers|client|config)/' },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    ),
    forbid('no-unknown-modules', 'What cannot be found cannot be judged.', {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: '^node_modules/' },
    exclude: { path: '^(dist|\\.gf25)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
