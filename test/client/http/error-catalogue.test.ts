import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { apiErrors } from '../../../client/http/api-errors.ts';
import { projectRoot } from '../../../config/project-root.ts';
import { failures } from '../../../workflows/shared/failures.ts';
import { tableUnder } from '../../architecture/markdown-table.ts';
import { asRole, openApi } from './api.ts';

interface Answer {
  readonly description: string;
  readonly content?: Record<string, { schema: { properties?: { error_code?: { enum: string[] } } } }>;
}

interface Document {
  readonly paths: Record<string, Record<string, { readonly responses: Record<string, Answer> }>>;
  readonly components: { readonly responses: Record<string, Answer> };
}

async function openDocument(): Promise<Document> {
  const { app } = await openApi();
  return (await app.inject({ url: '/api/v1/openapi.json', headers: await asRole('viewer') })).json<Document>();
}

const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
const codesIn = ({ content }: Answer) => content?.['application/json']?.schema.properties?.error_code?.enum ?? [];

describe('the errors of the API', () => {
  const inCode = Object.entries(apiErrors).map(([code, { status, hint }]) => `${code} ${status}: ${hint}`);

  test('are the same in the code and in README.md', () => {
    const rows = tableUnder(readme, '### Errors of the API');
    expect(rows.map(([code, status, hint]) => `${code} ${status}: ${hint}`).sort()).toEqual(inCode.sort());
  });

  test('are the same in the code and in the OpenAPI document, with status and meaning', async () => {
    const { paths, components } = await openDocument();
    const answers = Object.values(paths)
      .flatMap((operations) => Object.values(operations))
      .flatMap(({ responses }) => Object.entries(responses));
    const inDocument = new Set<string>();
    for (const [status, answer] of answers) for (const code of codesIn(answer)) inDocument.add(`${code} ${status}`);
    for (const answer of Object.values(components.responses))
      for (const code of codesIn(answer)) inDocument.add(`${code} ${answer.description.slice(0, 3)}`);
    expect([...inDocument].sort()).toEqual(
      Object.entries(apiErrors)
        .map(([code, { status }]) => `${code} ${status}`)
        .sort(),
    );
    for (const answer of [...answers.map(([, each]) => each), ...Object.values(components.responses)])
      for (const code of codesIn(answer))
        expect(answer.description).toContain(apiErrors[code as keyof typeof apiErrors].hint);
  });
});

describe('the failures of a project', () => {
  test('are the same in the code and in README.md, with what they mean', () => {
    const rows = tableUnder(readme, '## Error catalogue');
    const inCode = Object.entries(failures).map(([code, { hint }]) => `${code}: ${hint}`);
    expect(rows.map(([code, , , hint]) => `${code}: ${hint}`).sort()).toEqual(inCode.sort());
  });

  test('are the same in the code and in the OpenAPI document, wherever it shows a code', async () => {
    const found = placesOf(await openDocument());
    expect(found.length).toBeGreaterThanOrEqual(4);
    for (const { 'x-extensible-enum': codes, description } of found) {
      expect([...codes].sort()).toEqual(Object.keys(failures).sort());
      for (const [code, { hint }] of Object.entries(failures)) expect(description).toContain(`${code}: ${hint}`);
    }
  });
});

interface Place {
  readonly 'x-extensible-enum': readonly string[];
  readonly description: string;
}

/** Wherever the document has an open list of codes. */
function placesOf(node: unknown): Place[] {
  if (typeof node !== 'object' || node === null) return [];
  const below = Object.values(node).flatMap(placesOf);
  return 'x-extensible-enum' in node ? [node as Place, ...below] : below;
}
