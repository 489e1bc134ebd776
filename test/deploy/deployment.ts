import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '../../config/project-root.ts';

/** The keys of a compose service that these tests look at. */
export interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly restart: string;
  readonly environment: Readonly<Record<string, string | null>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly user?: string;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly stop_grace_period?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export const readText = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
export const readYaml = (path: string): unknown => parse(readText(path), { merge: true });

export const compose = readYaml('docker-compose.yml') as ComposeFile;
export const services = Object.entries(compose.services);
/** What runs our own image. */
export const ourServices = services.filter(([, { image }]) => image.startsWith('gf25:'));

/** What a compose file reads from .env or the shell: `${NAME...}`, and names without a value in an `environment`. */
export function variablesOf(text: string, { services: all }: ComposeFile): string[] {
  const withoutComments = text.replaceAll(/^\s*#.*$/gm, '');
  const written = [...withoutComments.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name);
  const passedOn = Object.values(all)
    .flatMap(({ environment }) => Object.entries(environment))
    .flatMap(([name, value]) => (value === null ? [name] : []));
  return [...written, ...passedOn];
}
