import type { ColumnMask } from '../../../contract/decision.ts';
import type { CatalogueVersion } from '../../../contract/ids.ts';
import type {
  AnalyseRequest,
  Analysis,
  Outline,
  Rewrite,
  RowRestrictions,
  SelectList,
  SqlEngine,
} from '../engine.ts';
import type { Snapshot } from './catalogue/snapshot.ts';
import { type Ask, WorkerHost } from './worker-host.ts';

const maxAnswerMs = 10_000;
/** Of each target, those that were used last. */
const versionsKept = 3;
/** Longer texts have a worker of their own, so that one that takes it down keeps nobody else waiting. */
const maxOrdinaryCharacters = 32 * 1024;

/** From source the worker is the TypeScript file; in the bundled gateway it stands next to the bundle. */
const workerUrl = () =>
  new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './sql-worker.cjs', import.meta.url);

export type EngineOptions = {
  workerUrl?: URL;
  /** Told what ended a worker; another takes its place. */
  onDeath?: (why: string) => void;
};

/**
 * The engine for PostgreSQL: analysis runs in a worker thread, because the parser is wasm that a hostile
 * statement can exhaust. A statement that does so twice is answered `unparsed` or `refused`.
 */
export function createPostgresEngine(options: EngineOptions = {}): SqlEngine {
  const known = new Map<string, Lesson[]>();
  const lessons = () =>
    [...known.values()].flatMap((versions) => versions.map((lesson) => besideOthers(lesson, versions)));
  const url = options.workerUrl ?? workerUrl();
  const host = new WorkerHost(url, lessons, maxAnswerMs, options.onDeath);
  const large = new WorkerHost(url, lessons, maxAnswerMs, options.onDeath);
  const hostFor = ({ text }: AnalyseRequest) => (text.length > maxOrdinaryCharacters ? large : host);
  return {
    async learn(target: string, version: CatalogueVersion, snapshot: unknown): Promise<void> {
      const versions = known.get(target) ?? [];
      const others = versions.filter((lesson) => lesson.version !== version);
      const again = versions.find((lesson) => lesson.version === version);
      // The snapshot comes from `loadCatalogue`, which has decoded it.
      const lesson = again ?? { ask: 'learn', target, version, snapshot: snapshot as Snapshot };
      const kept = [...others, lesson].slice(-versionsKept);
      const learned = again === undefined ? host.ask(besideOthers(lesson, kept)) : null;
      known.set(target, kept);
      if (learned === null) return;
      large.tell(besideOthers(lesson, kept));
      await learned;
    },
    async analyse(request: AnalyseRequest): Promise<Analysis> {
      const reply = await hostFor(request).ask({ ask: 'analyse', request });
      if (reply?.kind === 'analysis') return reply.analysis;
      return { kind: 'unparsed', message: TOO_DEEP, position: null };
    },
    async selectList(request: AnalyseRequest): Promise<SelectList | null> {
      const reply = await hostFor(request).ask({ ask: 'selectList', request });
      return reply?.kind === 'selectList' ? reply.list : null;
    },
    async outline(request: AnalyseRequest): Promise<Outline | null> {
      const reply = await hostFor(request).ask({ ask: 'outline', request });
      return reply?.kind === 'outline' ? reply.outline : null;
    },
    async rewrite(
      request: AnalyseRequest,
      index: number,
      masks: readonly ColumnMask[],
      { rows = [], lookups = [] }: RowRestrictions = {},
    ): Promise<Rewrite> {
      const reply = await hostFor(request).ask({ ask: 'rewrite', request, index, masks, rows, lookups });
      if (reply?.kind === 'rewrite') return reply.rewrite;
      return { kind: 'refused', why: TOO_DEEP, next: 'Send a smaller or less deeply nested statement.' };
    },
    async close(): Promise<void> {
      await Promise.all([host.close(), large.close()]);
    },
  };
}

type Lesson = Omit<Extract<Ask, { ask: 'learn' }>, 'beside'>;

function besideOthers(lesson: Lesson, versions: readonly Lesson[]): Extract<Ask, { ask: 'learn' }> {
  const others = versions.filter((other) => other !== lesson);
  return { ...lesson, beside: others.map(({ version }) => version) };
}

const TOO_DEEP = 'the statement is nested too deeply or is too large to be understood';
