import { expect, test } from 'vitest';
import { tableUnder } from './markdown-table.ts';

const page = `# Page
## Error catalogue
Some words.

| Code | Retry | What to do |
|---|---|---|
| \`NoJob\` | idle | nothing |
| \`Other\` | \`never\` | say \`a\\|b\` |

| another | table |
|---|---|
| x | y |

## Next
| Code |
|---|
| \`Foreign\` |
`;

test('the first table of a section is read, without its head', () => {
  expect(tableUnder(page, '## Error catalogue')).toEqual([
    ['NoJob', 'idle', 'nothing'],
    ['Other', 'never', 'say a|b'],
  ]);
  expect(tableUnder(page, '## Next')).toEqual([['Foreign']]);
});

test('a missing section or table is said', () => {
  expect(() => tableUnder(page, '## Elsewhere')).toThrow('no heading "## Elsewhere"');
  expect(() => tableUnder(page, '# Page')).toThrow('no table under "# Page"');
});
