import tseslint from 'typescript-eslint';

/** Lint rules. The formatter owns the looks; dependency-cruiser owns who may import whom. */
export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.gf25/', '.dependency-cruiser.cjs'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.lint.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: ['error', 'smart'],
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'House rule 13: no default exports.' },
        { selector: 'TSEnumDeclaration', message: 'House rule 13: no enums; use a union or a const object.' },
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'House rule 9: the environment is read in config/ only.',
        },
      ],
    },
  },
  {
    files: ['workflows/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', 'process', 'fetch', 'setImmediate', 'Buffer', 'require', 'performance'],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(?!\\.|@temporalio/(workflow|common)(/|$)|zod$)',
              message: 'Workflow code is pure: see workflows/README.md.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['config/**/*.ts', 'test/**/*.ts', 'tools/**/*.ts', 'bench/**/*.ts', '*.config.*'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  // expect(mock.method) is how a spy is read
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/unbound-method': 'off' } },
  { files: ['eslint.config.js', 'tools/**/*.mjs'], ...tseslint.configs.disableTypeChecked },
);
