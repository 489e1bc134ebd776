import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { responsesBeforeRoutes } from './document-errors.ts';

const description = `Operates GF-25: projects, intake and GPU hosts.

Every path but health and metrics needs a JSON Web Token whose claim \`roles\` (a list) or \`role\` (names with blanks
between) holds \`viewer\`, \`operator\` or \`admin\`; each may do what those before it may. Every error has the same
envelope; \`error_code\` is one of the codes that the answer's description lists. Any path can answer RouteNotFound, and any
method MethodNotAllowed: see the components.`;

type Document = ReturnType<FastifyInstance['swagger']>;
type Operation = Record<string, unknown> & { requestBody?: { required?: boolean } };

/** Collects what the routes say of themselves. To be registered before them. */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'GF-25', version, description },
      tags: [
        { name: 'projects', description: 'See and steer projects' },
        { name: 'reports', description: 'What a project has brought' },
        { name: 'intake', description: "How jobs are taken from GoFlow's queue" },
        { name: 'hosts', description: 'GPU hosts' },
        { name: 'health', description: 'Of this process and what it needs; without a token' },
        { name: 'about', description: 'This document' },
      ],
      components: {
        securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
        responses: responsesBeforeRoutes(),
      },
    },
    transform: (input) => {
      const { schema, url } = jsonSchemaTransform(input);
      const role = input.route.config?.access?.role;
      const isOpen = role === 'open' || role === undefined;
      const access = isOpen ? {} : { security: [{ token: [] }], 'x-role': role };
      return { schema: { ...schema, ...access }, url };
    },
  });
}

/** The document as it is served. Bodies that may be left out are said to be: the generator has no word for it. */
export function documentOf(app: FastifyInstance): Document {
  const document = app.swagger();
  for (const item of Object.values(document.paths ?? {}))
    for (const operation of Object.values(item as Record<string, Operation>)) {
      if (!operation['x-optional-body'] || !operation.requestBody) continue;
      operation.requestBody.required = false;
      delete operation['x-optional-body'];
    }
  return document;
}
