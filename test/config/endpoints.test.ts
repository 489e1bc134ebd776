import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../config/load.ts';
import { faultsOfEdited, loadEdited } from './folders.ts';

const faultsOf = (from: string, to: string, file = 'api_endpoints.yaml') =>
  faultsOfEdited({
    [file]: (text) => {
      expect(text).toContain(from);
      return text.replace(from, () => to);
    },
  });

describe('the endpoints', () => {
  test('may have limits of their own', async () => {
    const { endpoints } = await loadEdited({
      'api_endpoints.yaml': (text) => text.replace('retries: 5 }', 'retries: 0, callTimeoutSeconds: 90 }'),
    });
    expect(endpoints.goflow.endpoints.submitReport).toEqual({
      ...{ method: 'PUT', path: '/api/v1/agent/projects/{projectId}/reports', retries: 0, callTimeoutSeconds: 90 },
    });
  });

  test.each([
    ['method: GET', 'method: DELETE', 'goflow.endpoints.nextJob.method'],
    ['path: /api/v1/agent/next-job', 'path: api/v1/agent/next-job', 'goflow.endpoints.nextJob.path'],
    [
      'path: /api/v1/agent/next-job',
      "path: '/{projectId}'",
      'nextJob.path: may hold no ids in braces, and nothing else',
    ],
    ['projects/{projectId}/status', 'projects/status', 'goflow.endpoints.setStatus.path: must hold {projectId}'],
    ['media/{mediaId}/', 'media/', 'submitResult.path: must hold {projectId}, {mediaId}, {analysisId}'],
    ['/reports', '/reports/{reportId}', 'submitReport.path: may hold {projectId} in braces, and nothing else'],
    ['firstSeconds: 1', 'firstSeconds: 30', 'goflow.backoff.firstSeconds: is above maxSeconds'],
    ['callTimeoutSeconds: 30', 'callTimeoutSeconds: 3000000', 'goflow.callTimeoutSeconds: Too big'],
    ['retries: 5', 'retries: -1', 'goflow.endpoints.submitReport.retries'],
    ['retries: 5', 'retries: 1.5', 'goflow.endpoints.submitReport.retries'],
    ['retries: 5', 'retry: 5', 'goflow.endpoints.submitReport'],
    ['nextJob:', 'nextJobs:', 'goflow.endpoints'],
    ['connectTimeoutSeconds: 5', 'connectTimeoutSeconds: 0', 'goflow.connectTimeoutSeconds'],
    ['serverErrorFactor: 3', 'serverErrorFactor: 0.5', 'goflow.backoff.serverErrorFactor'],
    ['processing: processing', "processing: ''", 'goflow.statusValues.processing'],
    ["'already'", "'already ('", 'goflow.alreadyDone.0: not a regular expression'],
    ["'malformed'", "'[mal'", 'goflow.saysOtherwise.3: not a regular expression'],
  ])('%s may not be %s', async (from, to, words) => {
    const faults = await faultsOf(from, to);
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.some((fault) => /api_endpoints\.yaml:\d+: /.test(fault) && fault.includes(words))).toBe(true);
  });
});

describe('the patterns', () => {
  test('of a duplicate are looked for in any case', () => {
    const { alreadyDone, saysOtherwise } = loadConfig([], {}).endpoints.goflow;
    expect(alreadyDone.some((pattern) => pattern.test('Analysis ALREADY submitted'))).toBe(true);
    expect(saysOtherwise.some((pattern) => pattern.test('Field Required'))).toBe(true);
    expect(alreadyDone.some((pattern) => pattern.test('no such project'))).toBe(false);
  });

  test('of the QA rules stay as they were written: a plan is JSON', async () => {
    const { qa } = await loadEdited({ 'qa.yaml': (text) => text.replace("'\\blorem ipsum\\b'", () => "'^a/b$'") });
    expect(JSON.stringify(qa.content)).toContain('"^a/b$"');
  });

  test.each([
    ["'\\blorem ipsum\\b'", "'lorem (ipsum'", 'params.patterns.0: not a regular expression'],
    ['clamp_px: 8', 'clamp_px: -1', 'params.clamp_px'],
    ['clamp_px: 8', 'clamp_pixels: 8', 'params'],
  ])('of the QA rules and their numbers are checked at start: %s may not be %s', async (from, to, words) => {
    const faults = await faultsOf(from, to, 'qa.yaml');
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.some((fault) => /qa\.yaml:\d+: /.test(fault) && fault.includes(words))).toBe(true);
  });
});
