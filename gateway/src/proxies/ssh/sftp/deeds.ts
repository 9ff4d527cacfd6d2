import { assertNever } from '../../../../contract/assert-never.ts';
import type { FileUse, HostUse } from '../../../../contract/host-facts.ts';
import { OPEN } from '../../../wire/ssh/sftp/numbers.ts';
import type { Status } from '../../../wire/ssh/sftp/reply.ts';
import type { NamingRequest } from '../../../wire/ssh/sftp/request.ts';
import type { Deed } from '../action.ts';
import { attributesInWords } from './attributes.ts';
import type { FileOperation } from './operation.ts';
import type { Paths, Place } from './paths.ts';

/** What a client asks for by name, as the flow takes it. */
export type FileDeed = Deed & {
  operation: FileOperation;
  /** Why it leads nowhere: what is answered, once it is known that it may be told. */
  nowhere: Status | null;
};

/** What a request does, and to which files: by the name that was written, and by the one that it leads to. */
export async function deedOf(request: NamingRequest, paths: Paths): Promise<FileDeed> {
  switch (request.type) {
    case 'open': {
      const place = await paths.placeOf(request.path, true);
      const { flags } = request;
      const { reads, writes } = directionsOf(flags);
      const kinds = [...(reads ? ['readFile' as const] : []), ...(writes ? ['writeFile' as const] : [])];
      const attributes = request.attributes.toString('hex');
      const operation = { name: 'open', path: leadsOf(place), flags, attributes } as const;
      const words = `${reads ? 'read' : ''}${reads && writes ? ' and ' : ''}${writes ? 'write' : ''}`;
      return {
        ...deed(`${words} ${named(place)}`, usesOf(place, kinds), operation, [place]),
        readOnly: !writes,
      };
    }
    case 'opendir':
    case 'stat':
    case 'lstat':
    case 'statvfs':
    case 'readlink':
    case 'realpath': {
      const place = await paths.placeOf(request.path, !ABOUT_LINKS.has(request.type));
      const operation = { name: request.type, path: leadsOf(place) };
      const words = `${request.type} ${named(place)}`;
      return { ...deed(words, usesOf(place, ['listFiles']), operation, [place]), readOnly: true };
    }
    case 'remove':
    case 'rmdir': {
      const place = await paths.placeOf(request.path, false);
      const operation = { name: request.type, path: leadsOf(place) };
      return deed(`${request.type} ${named(place)}`, usesOf(place, ['changeFile']), operation, [place]);
    }
    case 'setstat':
    case 'lsetstat':
    case 'mkdir':
      return attributesDeed(
        request.type,
        await paths.placeOf(request.path, request.type === 'setstat'),
        request.attributes,
      );
    case 'rename':
    case 'posixRename': {
      const [from, to] = [await paths.placeOf(request.from, false), await paths.placeOf(request.to, false)];
      // A folder takes along what is in it.
      const extent = (await paths.isFolder(leadsOf(from))) ? 'tree' : undefined;
      const uses = [from, to].flatMap((place) => usesOf(place, ['changeFile'], extent));
      const operation = { name: request.type, from: leadsOf(from), to: leadsOf(to) };
      return deed(`rename ${named(from)} to ${named(to)}`, uses, operation, [from, to]);
    }
    case 'symlink': {
      const link = await paths.placeOf(request.path, false);
      const target = await paths.placeOf(fromLink(request.target, link), true);
      // Both ends: there are servers that take them in the other order.
      const uses = [link, target].flatMap((place) => usesOf(place, ['changeFile']));
      const operation = { name: 'symlink', path: leadsOf(link), target: request.target } as const;
      return deed(`symlink ${named(link)} to ${request.target}`, uses, operation, [link]);
    }
    default:
      return assertNever(request);
  }
}

const ABOUT_LINKS: ReadonlySet<NamingRequest['type']> = new Set<NamingRequest['type']>(['lstat', 'readlink']);

/** A folder that is made, or a change of attributes: also of a file that is open. */
export function attributesDeed(
  name: 'setstat' | 'lsetstat' | 'mkdir' | 'fsetstat',
  place: Place,
  attributes: Buffer,
): FileDeed {
  const operation = { name, path: leadsOf(place), attributes: attributes.toString('hex') };
  const words = `${name} ${named(place)}${attributesInWords(attributes)}`;
  return deed(words, usesOf(place, ['changeFile']), operation, [place]);
}

/** The same deed as something else that would open it too: who may read a file may see its size. */
export function readingInstead(looking: FileDeed): FileDeed {
  const uses = looking.uses.map((use): HostUse => ('path' in use ? { ...use, kind: 'readFile' } : use));
  return { ...looking, uses };
}

/** What flags of `open` let somebody do. */
export function directionsOf(flags: number): { reads: boolean; writes: boolean } {
  const writes = (flags & (OPEN.write | OPEN.append | OPEN.create | OPEN.truncate)) !== 0;
  return { reads: (flags & OPEN.read) !== 0 || !writes, writes };
}

function deed(words: string, uses: FileUse[], operation: FileOperation, places: Place[]): FileDeed {
  const nowhere = places.flatMap((place) => (place.leads === null ? [place.status] : []))[0] ?? null;
  const granted = { kind: 'file', operation } as const;
  return { statement: `sftp ${words}`, uses, readOnly: false, granted, operation, nowhere };
}

function usesOf(place: Place, kinds: readonly FileUse['kind'][], extent?: FileUse['extent']): FileUse[] {
  const paths = [...new Set([place.written, leadsOf(place)])];
  return paths.flatMap((path) =>
    kinds.map((kind) => (extent === undefined ? { kind, path } : { kind, path, extent })),
  );
}

function leadsOf({ written, leads }: Place): string {
  return leads ?? written;
}

function named(place: Place): string {
  return leadsOf(place) === place.written ? place.written : `${place.written} (${leadsOf(place)})`;
}

function fromLink(target: string, link: Place): string {
  if (target.startsWith('/')) return target;
  const path = leadsOf(link);
  return `${path.slice(0, path.lastIndexOf('/') + 1)}${target}`;
}
