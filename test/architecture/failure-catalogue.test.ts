import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../config/project-root.ts';
import { failures } from '../../workflows/shared/failures.ts';
import { tableUnder } from './markdown-table.ts';

describe('the error catalogue of README.md and that of the code', () => {
  let rows: string[][];
  beforeAll(async () => {
    rows = tableUnder(await readFile(join(projectRoot, 'README.md'), 'utf8'), '## Error catalogue');
  });

  test('have the same codes, each once', () => {
    expect(rows.map(([code]) => code).sort()).toEqual(Object.keys(failures).sort());
  });

  test('say the same about the next attempt and the status of our API', () => {
    const inReadme = rows.map(([code, retry, status]) => `${code}: ${retry}, ${status}`);
    const inCode = Object.entries(failures).map(([code, { retry, httpStatus }]) => `${code}: ${retry}, ${httpStatus}`);
    expect(inReadme.sort()).toEqual(inCode.sort());
  });
});
