import { html, Html } from '../report/html.ts';
import { styles } from '../report/styles.ts';
import { scrollTable } from '../report/table.ts';
import { apiErrors } from './api-errors.ts';

/** What the page reads of an OpenAPI document. */
export interface ApiDocument {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly operationId?: string;
  readonly 'x-role'?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema?: unknown;
  }[];
  readonly requestBody?: { readonly required?: boolean; readonly content?: Content };
  readonly responses?: Readonly<Record<string, { readonly description?: string; readonly content?: Content }>>;
}

type Content = Readonly<Record<string, { readonly schema?: unknown }>>;

interface Route extends Operation {
  readonly method: string;
  readonly path: string;
}

/** The API as one page: no script, no network, nothing that is not in the document. */
export function renderDocs({ info, tags = [], paths = {} }: ApiDocument): string {
  const routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]): Route => ({
      method: method.toUpperCase(),
      path,
      ...operation,
    })),
  );
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${info.title} · HTTP API</title>
        <style>
          ${new Html(styles)}${new Html(own)}
        </style>
      </head>
      <body>
        <header class="page">
          <p class="overline">HTTP API ${info.version}</p>
          <h1>${info.title}</h1>
          ${(info.description ?? '').split('\n\n').map((paragraph) => html`<p class="lead">${paragraph}</p>`)}
        </header>
        <main>
          ${tags.map(({ name, description }) => renderTag(name, description ?? '', routes))} ${renderErrors()}
        </main>
        <footer class="page quiet">The same for programs: <code>/api/v1/openapi.json</code></footer>
      </body>
    </html>`.toString();
}

const renderTag = (name: string, description: string, routes: readonly Route[]) =>
  html`<section aria-labelledby="${name}">
    <h2 id="${name}">${name}</h2>
    <p class="quiet">${description}</p>
    ${routes.filter(({ tags = [] }) => tags.includes(name)).map(renderRoute)}
  </section>`;

const renderRoute = (route: Route) =>
  html`<details class="route">
    <summary>
      <code><b>${route.method}</b> ${route.path}</code> <span class="quiet">${route['x-role'] ?? 'open'}</span><br />
      ${route.summary}
    </summary>
    ${renderParameters(route)} ${renderBody(route)}
    <h4>Answers</h4>
    <ul>
      ${Object.entries(route.responses ?? {}).map(
        ([status, { description, content }]) =>
          html`<li>
            <b>${status}</b> ${description === 'Default Response' ? undefined : description}
            ${Number(status) < 300 ? renderContent(content) : undefined}
          </li>`,
      )}
    </ul>
  </details>`;

function renderParameters({ parameters = [] }: Route): Html | undefined {
  if (parameters.length === 0) return undefined;
  return html`<h4>Parameters</h4>
    <ul>
      ${parameters.map(
        ({ name, in: where, required, description, schema }) =>
          html`<li>
            <code>${name}</code> <span class="quiet">${where}${required ? ', required' : ''}</span> ${description}
            <code class="quiet">${JSON.stringify(schema)}</code>
          </li>`,
      )}
    </ul>`;
}

const renderBody = ({ requestBody }: Route) =>
  requestBody &&
  html`<h4>Body${requestBody.required ? '' : ' (may be left out)'}</h4>
    ${renderContent(requestBody.content)}`;

const renderContent = (content: Content = {}) =>
  Object.entries(content).map(
    ([type, { schema }]) =>
      html`<details>
        <summary class="quiet">${type}</summary>
        <pre class="scroll">${JSON.stringify(schema, null, 2)}</pre>
      </details>`,
  );

const renderErrors = () =>
  html`<section aria-labelledby="errors">
    <h2 id="errors">Errors</h2>
    ${scrollTable(
      { labelledBy: 'errors' },
      ['code', 'status', 'meaning'],
      Object.entries(apiErrors).map(
        ([code, { status, hint }]) =>
          html`<tr>
            <td><code>${code}</code></td>
            <td>${status}</td>
            <td>${hint}</td>
          </tr>`,
      ),
      { isWide: true },
    )}
  </section>`;

const own = `
.route { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 10px 16px; margin: 8px 0; }
.route summary { cursor: pointer; }
.route code.quiet { overflow-wrap: anywhere; }
`;
