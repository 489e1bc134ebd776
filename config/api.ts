import { z } from 'zod';

const count = z.int().min(1);

/** A browser compares origins letter by letter: no path, no slash at the end, no default port, no pattern. */
const origin = z.string().refine((text) => originOf(text) === text, {
  error: 'must be an origin as a browser sends it, such as https://ops.example.com: no path, no "*"',
});

const corsMethods = ['GET', 'POST', 'PUT', 'DELETE'] as const;
const cors = z.strictObject({
  origins: z.array(origin),
  credentials: z.boolean(),
  methods: z.array(z.enum(corsMethods)).min(1),
  maxAgeSeconds: z.int().min(0).max(86_400),
});

/** Algorithms with a public key. With a shared secret only HS256 is accepted, whatever stands here. */
const publicKeyAlgorithms = ['RS256', 'ES256', 'EdDSA'] as const;

/** `api_endpoints.yaml`, key `api`: our own HTTP API. */
export const apiSchema = z.strictObject({
  auth: z.strictObject({
    algorithms: z.array(z.enum(publicKeyAlgorithms)).min(1),
    clockToleranceSeconds: z.number().min(0).max(300),
    /** Of the key set at GF25_JWT_JWKS_URL. A key that is not known is looked for at once, but not more often than this. */
    keyCooldownSeconds: z.number().min(1),
    keyCacheSeconds: z.number().min(1),
  }),
  /** Requests of one caller within `windowSeconds`. */
  rateLimits: z.strictObject({ windowSeconds: count, processing: count, reports: count, refusals: count }),
  limits: z.strictObject({
    bodyBytes: count,
    jobBytes: count,
    bulkProjects: count,
    streams: count,
    streamsPerCaller: count,
    streamHeartbeatSeconds: z.number().positive(),
  }),
  cors: z.strictObject({
    production: cors.superRefine(({ origins }, context) => {
      origins.forEach((text, index) => {
        if (text.startsWith('http:'))
          context.addIssue({ code: 'custom', path: ['origins', index], message: 'must be https in production' });
      });
    }),
    development: cors,
  }),
});
export type ApiSettings = z.infer<typeof apiSchema>;

function originOf(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && /^https?:$/.test(url.protocol) ? url.origin : undefined;
}
