import type { CatalogueView } from '../../../contract/catalogue.ts';
import { SluiceError } from '../../../contract/error.ts';
import type { SessionId } from '../../../contract/ids.ts';
import type { Principal } from '../../../contract/principal.ts';
import type { Target } from '../../../contract/target.ts';
import type { Verdict } from '../../../contract/verdict.ts';
import type { PrincipalHandle } from '../../core/access/principals.ts';
import type { GovernServices } from '../../core/flow/govern.ts';
import type { GovernedTarget, QuerySession } from '../../core/flow/governed-target.ts';
import { PlanCache } from '../../core/flow/plan-cache.ts';
import type { Session } from '../../core/flow/session.ts';
import type { SqlEngine } from '../../sql/engine.ts';
import { tokenKeySettings } from '../../sql/postgres/masks/hmac.ts';
import { FRONTEND_STREAMED, FRONTEND_TYPES } from '../../wire/postgres/frame-types.ts';
import { ByteChannel } from './byte-channel.ts';
import { CatalogueKeeper } from './catalogue/keeper.ts';
import { catalogueView } from './catalogue/view.ts';
import type { EnforcedSql, TargetContext } from './context.ts';
import { duplexPair } from './editor/duplex-pair.ts';
import { EditorSession } from './editor/editor-session.ts';
import { verdictsOf } from './editor/verdicts.ts';
import { FrameReader } from './frame-reader.ts';
import type { Observer } from './session/conversation.ts';
import { Governor } from './session/governor.ts';
import { Outbox } from './session/outbox.ts';
import { PostgresSession } from './session/session.ts';
import type { PostgresSettings } from './settings.ts';
import type { UpstreamAddress } from './upstream/address.ts';
import { connectUpstream } from './upstream/connect.ts';
import { Upstream } from './upstream/upstream.ts';

const MAX_PLANS = 5000;

export type PostgresTargetOptions = {
  target: Target;
  upstream: UpstreamAddress;
  services: Omit<GovernServices<EnforcedSql>, 'plans'>;
  engine: SqlEngine;
  /** Keys the tokens of the masking method `token`; derived of the gateway's key, one for each target. */
  tokenKey: Uint8Array;
  settings: PostgresSettings;
  /** Told of what goes wrong outside of any session. */
  onFault?: (error: SluiceError) => void;
};

/** Where a session's client is: a socket after login, or the editor's end of a pair. */
export type ClientEnd = { reader: FrameReader; outbox: Outbox };

/** One PostgreSQL database behind the gateway. */
export class PostgresTarget implements GovernedTarget {
  readonly target: Target;
  readonly #context: TargetContext;
  readonly #governor: Governor;
  readonly #sessions = new Set<PostgresSession>();

  constructor(options: PostgresTargetOptions) {
    const { target, upstream, services, engine, tokenKey, settings, onFault } = options;
    this.target = target;
    this.#context = {
      target,
      upstream,
      govern: { ...services, plans: new PlanCache(MAX_PLANS) },
      engine,
      catalogue: new CatalogueKeeper({
        target: target.name,
        address: upstream,
        engine,
        checkMs: settings.catalogueCheckMs,
        connectMs: settings.connectMs,
        onFault,
      }),
      tokenKey,
      settings,
    };
    this.#governor = new Governor(this.#context);
  }

  /**
   * Reads the catalogue and wakes the parser, so that the first person waits for neither. What goes wrong is told to
   * `onFault` here, and to whoever comes.
   */
  async prepare(): Promise<void> {
    const catalogue = await this.#context.catalogue.check().catch(() => null);
    if (catalogue === null) return;
    await this.#governor.analyse('SELECT 1', { state: catalogue.initialState, catalogue });
  }

  mayBeUsedBy(principal: Principal): boolean {
    return this.#context.govern.policy.current().mayUse(principal, this.target);
  }

  async verdicts(principal: Principal, text: string): Promise<Verdict[]> {
    return verdictsOf(this.#governor, principal, text);
  }

  async catalogue(principal: Principal): Promise<CatalogueView> {
    const { catalogue, govern } = this.#context;
    return catalogueView(
      await catalogue.current(),
      govern.policy.current(),
      principal,
      this.target,
      govern.now(),
    );
  }

  /** @throws SluiceError `target.unknown`, `target.unreachable`, `target.certificateRefused`, `target.credentialRefused` */
  async openQuerySession(principal: PrincipalHandle): Promise<QuerySession> {
    const current = principal.current();
    if (current === null || !this.mayBeUsedBy(current)) {
      throw new SluiceError(
        'target.unknown',
        `There is no target "${this.target.name}" that you may use.`,
        'Choose one of the targets in the explorer, or ask for access.',
      );
    }
    const [near, far] = duplexPair();
    const upstream = await this.connect(new Map([['application_name', 'sluice editor']]));
    const editor = new EditorSession(
      near,
      this.#governor,
      upstream.login.parameters.get('server_version') ?? '',
    );
    const channel = new ByteChannel(far);
    const client: ClientEnd = { reader: this.readerOf(channel), outbox: new Outbox(channel) };
    const session = this.session(editor.id, principal, 'editor', 'editor');
    editor.attach(this.open(session, client, upstream, editor.observer));
    return editor;
  }

  /** @throws SluiceError `target.unreachable`, `target.certificateRefused`, `target.credentialRefused` */
  async connect(parameters: ReadonlyMap<string, string>): Promise<Upstream> {
    const { upstream, settings, tokenKey } = this.#context;
    const all = new Map([
      ['client_encoding', 'UTF8'],
      ['standard_conforming_strings', 'on'],
      ...parameters,
      ...tokenKeySettings(tokenKey),
    ]);
    const login = await connectUpstream(upstream, all, settings);
    return new Upstream(login, upstream, settings.connectMs);
  }

  readerOf(channel: ByteChannel): FrameReader {
    return new FrameReader(channel, {
      known: FRONTEND_TYPES,
      streamed: FRONTEND_STREAMED,
      maxFrameBytes: this.#context.settings.maxFrameBytes,
      startsUp: false,
    });
  }

  session(id: SessionId, principal: PrincipalHandle, surface: Session['surface'], network: string): Session {
    return { id, surface, principal, target: this.target, network };
  }

  /** Serves a session until it ends; `ended` tells why, null when the client left by itself. */
  open(
    session: Session,
    client: ClientEnd,
    upstream: Upstream,
    observer: Observer | null,
  ): { session: PostgresSession; ended: Promise<SluiceError | null> } {
    const served = new PostgresSession({ session, governor: this.#governor, upstream, observer, ...client });
    this.#sessions.add(served);
    const ended = served.run().finally(() => this.#sessions.delete(served));
    return { session: served, ended };
  }

  /** Ends every session, in words, and lets go of the target. */
  async close(): Promise<void> {
    for (const session of this.#sessions) session.kill(shuttingDown());
    await this.#context.catalogue.close();
  }
}

function shuttingDown(): SluiceError {
  return new SluiceError('target.unreachable', 'The gateway is shutting down.', 'Connect again in a moment.');
}
