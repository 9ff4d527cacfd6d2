import type { Endpoint } from '../../contract/endpoint.ts';
import { endpoints } from '../../contract/endpoints.ts';

export type EndpointName = keyof typeof endpoints;

/** A request matched to the table, with the path's parameters still as text. */
export type Match =
  | { kind: 'matched'; name: EndpointName; endpoint: Endpoint; pathParams: Record<string, string> }
  | { kind: 'otherMethod'; allowed: string[] }
  | { kind: 'unknown' };

const table = (Object.keys(endpoints) as EndpointName[]).map((name) => {
  const endpoint: Endpoint = endpoints[name];
  return { name, endpoint, segments: endpoint.path.split('/') };
});

/** The endpoint for a path whose escapes decode (`guard.ts` lets no other come here). */
export function route(method: string, path: string): Match {
  const segments = path.split('/');
  const allowed: string[] = [];
  for (const { name, endpoint, segments: pattern } of table) {
    const pathParams = matchSegments(pattern, segments);
    if (pathParams === null) continue;
    if (endpoint.method === method) return { kind: 'matched', name, endpoint, pathParams };
    allowed.push(endpoint.method);
  }
  return allowed.length === 0 ? { kind: 'unknown' } : { kind: 'otherMethod', allowed };
}

function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | null {
  if (pattern.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [at, expected] of pattern.entries()) {
    const given = segments[at] ?? '';
    const name = /^\{(.+)\}$/.exec(expected)?.[1];
    if (name === undefined && expected !== given) return null;
    if (name !== undefined) params[name] = decodeURIComponent(given);
  }
  return params;
}
