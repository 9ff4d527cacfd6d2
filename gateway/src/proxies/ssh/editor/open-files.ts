import { SluiceError } from '../../../../contract/error.ts';
import type { PrincipalId } from '../../../../contract/ids.ts';
import type { PrincipalHandle } from '../../../core/access/principals.ts';
import { newSessionId } from '../../../core/flow/session-id.ts';
import { HostFiles } from '../sftp/files.ts';
import type { Account, SshTarget } from '../target.ts';
import { connectUpstream } from '../upstream/connect.ts';

/** Whoever looks at a file looks at the next one soon. */
const IDLE_MS = 30_000;
/** Each file that is read is held whole. */
const MAX_AT_ONCE = 16;

type Opened = { files: HostFiles; close: () => void };
type Kept = { opening: Promise<Opened>; users: number; idle: NodeJS.Timeout | undefined };

/** Connections of people who look at a host's files: one for each of them and each account, as long as they look. */
export class OpenFiles {
  readonly #host: SshTarget;
  readonly #kept = new Map<string, Kept>();

  constructor(host: SshTarget) {
    this.#host = host;
  }

  /**
   * @throws SluiceError where the host can't be logged in to, or has no SFTP server; `request.invalid` when so many of this
   *   person's looks are under way
   */
  async use<Result>(
    owner: PrincipalId,
    principal: PrincipalHandle,
    account: Account,
    work: (files: HostFiles) => Promise<Result>,
  ): Promise<Result> {
    const key = `${owner}\0${account.name}`;
    const kept = this.#kept.get(key) ?? this.#open(key, principal, account);
    if (kept.users >= MAX_AT_ONCE) throw tooMany();
    kept.users += 1;
    clearTimeout(kept.idle);
    try {
      const { files } = await kept.opening;
      return await work(files);
    } finally {
      kept.users -= 1;
      if (kept.users === 0) this.#leaveSoon(kept);
    }
  }

  close(): void {
    for (const { opening } of this.#kept.values()) leave(opening);
  }

  #open(key: string, principal: PrincipalHandle, account: Account): Kept {
    const forget = () => {
      if (this.#kept.get(key) === kept) this.#kept.delete(key);
    };
    const kept: Kept = { opening: this.#connect(principal, account, forget), users: 0, idle: undefined };
    this.#kept.set(key, kept);
    kept.opening.catch(forget);
    return kept;
  }

  async #connect(principal: PrincipalHandle, account: Account, forget: () => void): Promise<Opened> {
    const { target, services } = this.#host;
    const upstream = await connectUpstream(this.#host, account);
    const session = { id: newSessionId(), surface: 'editor', principal, target, network: 'editor' } as const;
    const live = services.sessions.open({
      session,
      account: account.name,
      canBeLocked: false,
      end: () => upstream.end(),
      now: services.now,
    });
    const unwatch = principal.onRevoked(() => live.endRevoked());
    upstream.on('error', () => upstream.end());
    upstream.once('close', () => {
      unwatch();
      live.close();
      forget();
    });
    const tell = () => undefined;
    try {
      const files = await HostFiles.open({ session, account: account.name, services, upstream, tell });
      const close = () => void files.close().finally(() => upstream.end());
      return { files, close };
    } catch (error) {
      upstream.end();
      throw error;
    }
  }

  #leaveSoon(kept: Kept): void {
    kept.idle = setTimeout(() => leave(kept.opening), IDLE_MS);
    kept.idle.unref();
  }
}

function tooMany(): SluiceError {
  return new SluiceError(
    'request.invalid',
    `You are looking at ${MAX_AT_ONCE} files and folders of this host already, which is as many as go at once.`,
    'Wait for one of them; some may wait for an approval.',
  );
}

function leave(opening: Promise<Opened>): void {
  void opening.then(({ close }) => close()).catch(() => undefined);
}
