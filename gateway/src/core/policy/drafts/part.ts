import type { PolicyFile } from '../../../../contract/policy-endpoints.ts';
import { compileTagPattern } from '../compile/tags.ts';
import { On, PolicyDocument, Rule, type Who } from '../language/schema.ts';
import { Source } from '../language/source.ts';
import { isTestFile } from '../language/test-file.ts';
import type { WantedPart } from './drafts.ts';

/** What a part of a draft says of targets and people: a rule, one of its patterns, or an entry of `tags`. Plain data. */
export type Part = {
  /** Null: it is about people alone. */
  on: 'everything' | On | null;
  /** `target.schema.table.column` instead of `on`. */
  tagPattern: string | null;
  /** Null: it is about targets alone. */
  who: { who: 'everyone' | Who | Who[]; except?: Who | Who[] } | null;
  /** A whole rule's name. */
  rule: string | null;
  /** Entries of the section `tags`, of every file, that give tags which `on` names. */
  tags: ReadonlyArray<readonly [pattern: string, tags: readonly string[]]>;
};

type Step = string | number;
type Problem = { problem: string };
type Parsed<T> = { data: T } | Problem;

/** Whoever asks about a part has statements to carry meanwhile. */
const MAX_PATTERNS = 5000;

/** Reads one part alone: what is wrong elsewhere in the draft, as while somebody types, keeps nobody from asking. */
export function partAt(wanted: WantedPart): Part | Problem {
  const part = unboundedPart(wanted);
  if ('problem' in part) return part;
  const { on, who } = part;
  const named = on === null || on === 'everything' ? [] : (on.tags ?? []);
  const tags = part.tags.filter(([, given]) => given.some((tag) => named.includes(tag)));
  const many = tags.length + leaves(on) + leaves(who);
  return many > MAX_PATTERNS
    ? { problem: 'it names more than can be looked through at once' }
    : { ...part, tags };
}

/** How many values there are in it. */
function leaves(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, inner) => sum + leaves(inner), 0);
}

function unboundedPart({ documents, file, path }: WantedPart): Part | Problem {
  const document = documents.find((one) => one.file === file);
  const [section, step, ...rest] = path;
  if (document === undefined || step === undefined) return NOTHING;
  const tags = documents.flatMap(tagsOf);
  const none = { on: null, tagPattern: null, who: null, rule: null, tags } as const;
  if (section === 'tags') {
    const pattern = String(step);
    return compileTagPattern(pattern, []) === null ? NOTHING : { ...none, tagPattern: pattern };
  }
  if (section !== 'rules') return NOTHING;
  const rule = at(plainOf(document), ['rules', step]);
  const [line, ...within] = rest;
  if (line === undefined || line === 'id') return wholeRule(rule, none);
  if (line === 'on') {
    const on = parsed(Rule.shape.on, at(rule, ['on']));
    return 'problem' in on ? on : { ...none, on: narrowed(on.data, within) };
  }
  if (line !== 'who' && line !== 'except') return NOTHING;
  const who = parsed(Rule.shape.who, at(rule, [line]));
  return 'problem' in who ? who : { ...none, who: { who: oneOf(who.data, within) } };
}

const NOTHING = { problem: 'it is no part that is about targets or people' };

function wholeRule(rule: unknown, none: Pick<Part, 'tagPattern' | 'tags'>): Part | Problem {
  const on = parsed(Rule.shape.on, at(rule, ['on']));
  if ('problem' in on) return on;
  const who = parsed(Rule.shape.who, at(rule, ['who']));
  if ('problem' in who) return who;
  const except = parsed(Rule.shape.except, at(rule, ['except']));
  if ('problem' in except) return except;
  const id = at(rule, ['id']);
  return {
    ...none,
    on: on.data,
    who: { who: who.data, ...(except.data === undefined ? {} : { except: except.data }) },
    rule: typeof id === 'string' ? id : null,
  };
}

/** The selectors as they stand, but of one line only the pattern that is pointed at. */
function narrowed(on: 'everything' | On, [line, index]: readonly Step[]): 'everything' | On {
  if (on === 'everything' || line === undefined || index === undefined) return on;
  const value: unknown = at(on, [line, index]);
  if (value === undefined) return on;
  const one = On.safeParse({ ...on, [line]: line === 'labels' ? { [index]: value } : [value] });
  return one.success ? one.data : on;
}

/** Of the people that a rule names, those of the mapping, or of the one group or user, that is pointed at. */
function oneOf(who: 'everyone' | Who | Who[], path: readonly Step[]): 'everyone' | Who | Who[] {
  const [first, ...rest] = path;
  if (who === 'everyone' || first === undefined) return who;
  if (Array.isArray(who)) {
    const one = who[Number(first)];
    return one === undefined ? who : oneOf(one, rest);
  }
  const value: unknown = at(who, path);
  if (first === 'claims' || path.length < 2 || value === undefined) return who;
  const one = parsed(Rule.shape.who, { [first]: [value] });
  return 'problem' in one ? who : one.data;
}

function tagsOf(document: PolicyFile): Array<readonly [string, readonly string[]]> {
  if (isTestFile(document.file) || !document.text.includes('tags')) return [];
  const section = parsed(PolicyDocument.shape.tags, at(plainOf(document), ['tags']));
  return 'problem' in section ? [] : Object.entries(section.data);
}

/** What stands in a document, as far as it can be read. */
function plainOf({ file, text }: PolicyFile): unknown {
  const value = new Source(file, text).value();
  return 'plain' in value ? value.plain : null;
}

function at(value: unknown, path: readonly Step[]): unknown {
  return path.reduce<unknown>(
    (inner, step) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, step)
        ? (inner as Record<Step, unknown>)[step]
        : undefined,
    value,
  );
}

function parsed<T>(
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false } },
  value: unknown,
): Parsed<T> {
  const result = schema.safeParse(value);
  return result.success ? { data: result.data } : { problem: 'it can not be read as it stands' };
}
