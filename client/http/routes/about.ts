import { z } from 'zod';
import { documentOf } from '../openapi.ts';
import { type ApiDocument, renderDocs } from '../render-docs.ts';
import { pageHeaders } from '../security-headers.ts';
import type { ZodApp } from '../zod-app.ts';

const tags = ['about'];

/** The OpenAPI document, and the same as a page that needs no network. */
export const aboutRoutes = async (app: ZodApp) => {
  app.get(
    '/api/v1/openapi.json',
    {
      schema: {
        ...{ tags, operationId: 'openapi', summary: 'This document: OpenAPI 3.1' },
        response: { 200: z.looseObject({ openapi: z.string() }) },
      },
    },
    async () => documentOf(app) as unknown as { openapi: string },
  );
  app.get(
    '/docs',
    {
      schema: {
        ...{ tags, operationId: 'docs', summary: 'This document as a page' },
        response: {
          200: { description: 'A page that needs nothing else', content: { 'text/html': { schema: z.string() } } },
        },
      },
    },
    async (_, reply) => reply.headers(pageHeaders).send(renderDocs(documentOf(app) as unknown as ApiDocument)),
  );
};
