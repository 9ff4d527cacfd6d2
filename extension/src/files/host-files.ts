import { SluiceError } from '../../../gateway/contract/error.ts';
import type { FileContent, FileEntry, FileListing } from '../../../gateway/contract/file-endpoints.ts';
import type { HttpClient } from '../gateway/http-client.ts';
import { addressOf, type HostPlace, within } from './host-place.ts';

/** What is remembered of files that were listed. */
const MAX_KNOWN = 50_000;

/** Files of hosts as the gateway lets this person see them. */
export class HostFiles {
  readonly #client: () => Promise<HttpClient>;
  readonly #known = new Map<string, FileEntry>();

  /** @param client waits long: somebody may have to agree before it is answered */
  constructor(client: () => Promise<HttpClient>) {
    this.#client = client;
  }

  /** @throws SluiceError; what the policy or the host refuses is one too, in its words */
  async list(place: HostPlace): Promise<Extract<FileListing, { kind: 'listing' }>> {
    const client = await this.#client();
    const listing = await client.ask('files', { params: place });
    if (listing.kind !== 'listing') throw refused(listing);
    for (const entry of listing.entries) this.#remember(within(place, entry.name), entry);
    return listing;
  }

  /** @throws as `list` */
  async read(place: HostPlace): Promise<Exclude<FileContent, { sentence: string }>> {
    const client = await this.#client();
    const content = await client.ask('file', { params: place });
    if (content.kind === 'content' || content.kind === 'folder') return content;
    throw refused(content);
  }

  /** What was listed of it; undefined when nothing was. */
  known(place: HostPlace): FileEntry | undefined {
    return this.#known.get(keyOf(place));
  }

  /** What one person was shown is nothing for the next. */
  forget(): void {
    this.#known.clear();
  }

  #remember(place: HostPlace, entry: FileEntry): void {
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(keyOf(place), entry);
  }
}

function keyOf(place: HostPlace): string {
  const { authority, path } = addressOf(place);
  return `${authority}${path}`;
}

function refused({ kind, sentence }: { kind: 'refused' | 'failed'; sentence: string }): SluiceError {
  return new SluiceError(kind === 'refused' ? 'statement.blocked' : 'target.unreachable', sentence);
}
