import { normalised } from '../../../shell/match/paths.ts';
import { STATUS } from '../../../wire/ssh/sftp/numbers.ts';
import type { SftpReply, Status } from '../../../wire/ssh/sftp/reply.ts';
import { requestPacket } from '../../../wire/ssh/sftp/write-request.ts';
import type { HostSftp } from './host-sftp.ts';

/** A path as it was written, absolute, and where it leads on the host; or why that leads nowhere. */
export type Place = { written: string; leads: string } | { written: string; leads: null; status: Status };

/** Finds where paths lead: rules count for a name and for what it is another name of. */
export class Paths {
  /** Where relative paths begin. */
  readonly home: string;
  readonly #host: HostSftp;

  private constructor(host: HostSftp, home: string) {
    this.#host = host;
    this.home = home;
  }

  static async open(host: HostSftp): Promise<Paths> {
    const reply = await host.realpath('.');
    const home = reply.type === 'name' && reply.first.startsWith('/') ? reply.first : '/';
    return new Paths(host, home);
  }

  /** @param follows whether the request follows a link that stands at the path itself */
  async placeOf(path: string, follows: boolean): Promise<Place> {
    const absolute = path.startsWith('/') ? path : `${this.home}/${path}`;
    const written = normalised(absolute, null) ?? '/';
    const name = lastPart(absolute);
    // A closing slash follows a link, as everywhere (POSIX 4.13).
    if (!follows && name !== null && !absolute.endsWith('/')) return this.#inFolder(written, absolute, name);
    const reply = await this.#host.realpath(absolute);
    if (reply.type === 'name') return { written, leads: reply.first };
    const status = statusOf(reply);
    if (name === null || status.code !== STATUS.noSuchFile) return { written, leads: null, status };
    return this.#notThere(written, absolute, name);
  }

  /** What can't be found out counts as one, unless it is not there. */
  async isFolder(path: string): Promise<boolean> {
    const reply = await this.#host.ask(requestPacket('lstat', (writer) => writer.string(path)));
    if (reply.type === 'attrs') return reply.isFolder !== false;
    return statusOf(reply).code !== STATUS.noSuchFile;
  }

  async #inFolder(written: string, absolute: string, name: string): Promise<Place> {
    const reply = await this.#host.realpath(folderOf(absolute));
    if (reply.type !== 'name') return { written, leads: null, status: statusOf(reply) };
    return { written, leads: `${reply.first === '/' ? '' : reply.first}/${name}` };
  }

  /** What is not there leads to its folder; but a link that leads nowhere leads who knows where. */
  async #notThere(written: string, absolute: string, name: string): Promise<Place> {
    const place = await this.#inFolder(written, absolute, name);
    if (place.leads === null) return place;
    const { leads } = place;
    const there = await this.#host.ask(requestPacket('lstat', (writer) => writer.string(leads)));
    if (statusOf(there).code === STATUS.noSuchFile) return place;
    const status = { code: STATUS.failure, message: 'It is a link that leads nowhere.' };
    return { written, leads: null, status };
  }
}

/** Null where the last part is no name of its own: `/`, `..`. */
function lastPart(path: string): string | null {
  const name = path.replace(/\/+$/, '').split('/').at(-1) ?? '';
  return name === '' || name === '.' || name === '..' ? null : name;
}

function folderOf(path: string): string {
  const bare = path.replace(/\/+$/, '');
  return bare.slice(0, bare.lastIndexOf('/')) || '/';
}

function statusOf(reply: SftpReply): Status {
  if (reply.type === 'status') return reply.status;
  return { code: STATUS.failure, message: 'The host gave no answer that is understood.' };
}
