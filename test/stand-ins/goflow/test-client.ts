import { buildJob, type Job } from './job.ts';
import type { GoflowStandIn } from './stand-in.ts';

/** What a call was answered. */
interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where it is JSON. */
  readonly body: unknown;
}

interface CallOptions {
  readonly key?: string | undefined;
  readonly apiKey?: string;
  readonly signal?: AbortSignal;
}

/** A client that sends what it is told, right or wrong: the tests of the stand-in break the rules with it. */
export function clientOf(standIn: GoflowStandIn, job: Job = buildJob({ images: 1, analyses: 1 })) {
  const projectId = job.project.id;
  const projectPath = `/api/v1/agent/projects/${projectId}`;
  const ids = (image: number, analysis: number): [string, string] => [
    job.media[image]?.id ?? `no image ${image}`,
    job.analyses[analysis]?.id ?? `no analysis ${analysis}`,
  ];

  async function send(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<Reply> {
    const { key, apiKey = standIn.apiKey, signal } = options;
    const response = await fetch(standIn.url + path, {
      method,
      headers: {
        'X-API-Key': apiKey,
        'Content-Type': 'application/json',
        ...(key !== undefined && { 'Idempotency-Key': key }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: tryJson(text) };
  }

  const resultPath = (image = 0, analysis = 0): string => {
    const [mediaId, analysisId] = ids(image, analysis);
    return `${projectPath}/media/${mediaId}/analysis/${analysisId}`;
  };
  const resultKey = (image = 0, analysis = 0): string => `${projectId}:${ids(image, analysis).join(':')}`;

  const client = {
    send,
    resultPath,
    resultKey,
    projectPath,
    nextJob: (options?: CallOptions) => send('GET', '/api/v1/agent/next-job', undefined, options),
    status: (status: string, options?: CallOptions) =>
      send('PUT', `${projectPath}/status`, { status }, { key: `${projectId}:${status}`, ...options }),
    result: (image = 0, analysis = 0, body: unknown = resultBody(), options?: CallOptions) =>
      send('POST', resultPath(image, analysis), body, { key: resultKey(image, analysis), ...options }),
    report: (options?: CallOptions, body: unknown = reportBody()) =>
      send('PUT', `${projectPath}/reports`, body, { key: `${projectId}:report`, ...options }),
    /** The whole pipeline up to the report, as a correct client sends it. */
    async run(): Promise<void> {
      await client.status('processing');
      for (const image of job.media.keys())
        for (const analysis of job.analyses.keys()) await client.result(image, analysis);
      await client.status('completed');
    },
  };
  return client;
}

export function resultBody(extra: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    modelUsed: 'a-model',
    userPromptUsed: 'Describe the image.',
    systemPromptUsed: 'You look at images.',
    status: 'completed',
    analysisResult: { image_description: 'a room', processing_time_seconds: 1.5 },
    ...extra,
  };
}

export function reportBody(): Record<string, unknown> {
  return {
    type: 'quality_analysis',
    report: {
      summary: 'All done.',
      details: {
        total_media_processed: 1,
        total_analyses_completed: 1,
        processing_time_minutes: 0.5,
        success_rate: 1,
        analysis_types_completed: ['analysis-0001'],
        key_findings: [],
      },
    },
  };
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
