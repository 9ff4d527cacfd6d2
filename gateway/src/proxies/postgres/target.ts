import { setTimeout as elapsed } from 'node:timers/promises';
import type { ApprovalRequest } from '../../../contract/approval-request.ts';
import type { CatalogueView } from '../../../contract/catalogue.ts';
import { SluiceError } from '../../../contract/error.ts';
import type { PrincipalId, SessionId } from '../../../contract/ids.ts';
import type { Impact } from '../../../contract/impact.ts';
import type { Principal } from '../../../contract/principal.ts';
import type { Target } from '../../../contract/target.ts';
import type { Verdict } from '../../../contract/verdict.ts';
import type { PrincipalHandle } from '../../core/access/principals.ts';
import { Lifts } from '../../core/approvals/lifts.ts';
import type { GovernServices } from '../../core/flow/govern.ts';
import type { Drafted, GovernedTarget, QuerySession } from '../../core/flow/governed-target.ts';
import { PlanCache } from '../../core/flow/plan-cache.ts';
import type { Session } from '../../core/flow/session.ts';
import type { Sessions } from '../../core/sessions/sessions.ts';
import type { SqlEngine } from '../../sql/engine.ts';
import { tokenKeySettings } from '../../sql/postgres/masks/hmac.ts';
import { FRONTEND_STREAMED, FRONTEND_TYPES } from '../../wire/postgres/frame-types.ts';
import { draftFor, newPlace, sessionOf } from './approval/drafts.ts';
import { ByteChannel } from './byte-channel.ts';
import { CatalogueKeeper } from './catalogue/keeper.ts';
import { catalogueView } from './catalogue/view.ts';
import type { EnforcedSql, TargetContext } from './context.ts';
import { duplexPair } from './editor/duplex-pair.ts';
import { EditorSession } from './editor/editor-session.ts';
import { verdictsOf } from './editor/verdicts.ts';
import { Exemption, Exemptions } from './exemption.ts';
import { FrameReader } from './frame-reader.ts';
import { Impacts } from './impact/impacts.ts';
import type { Observer } from './session/conversation.ts';
import { Governor } from './session/governor.ts';
import { Outbox } from './session/outbox.ts';
import { PostgresSession } from './session/session.ts';
import type { PostgresSettings } from './settings.ts';
import { READING_SETTINGS, type UpstreamAddress } from './upstream/address.ts';
import { connectUpstream } from './upstream/connect.ts';
import { Upstream } from './upstream/upstream.ts';

const MAX_PLANS = 5000;
const MAX_ASKERS = 1000;
/** Clients that don't read are not waited for. */
const CLOSE_MS = 2000;

export type PostgresTargetOptions = {
  target: Target;
  upstream: UpstreamAddress;
  /** A prepared target's masks are views; without it, they stand in the statements. */
  prepared?: PreparedUpstream;
  services: Omit<GovernServices<EnforcedSql>, 'plans'>;
  /** Where sessions are listed, for others to end them. */
  openSessions?: Sessions;
  engine: SqlEngine;
  /** Keys the tokens of the masking method `token`; derived of the gateway's key, one for each target. */
  tokenKey: Uint8Array;
  settings: PostgresSettings;
  /** Told of what goes wrong outside of any session. */
  onFault?: (error: SluiceError) => void;
};

/** What a prepared target has besides. */
export type PreparedUpstream = {
  /** The login for those who see unmasked what others don't; null when they are refused. */
  exempt: UpstreamAddress | null;
};

/** An open connection to the target's server, and who decides what runs there. */
export type Connection = { upstream: Upstream; governor: Governor };

/** Where a session's client is: a socket after login, or the editor's end of a pair. */
export type ClientEnd = { reader: FrameReader; outbox: Outbox };

/** One PostgreSQL database behind the gateway. */
export class PostgresTarget implements GovernedTarget {
  readonly target: Target;
  readonly #context: TargetContext;
  /** Of all people, or of those for whom every mask holds. */
  readonly #governor: Governor;
  /** Of those who see unmasked what others don't, where a prepared target has a login for them. */
  readonly #exempt: Governor | null;
  readonly #exemptions: Exemptions;
  readonly #lifts: Lifts;
  /** Who asked beforehand, as they were when they did. */
  readonly #askers = new Map<PrincipalId, Principal>();
  readonly #sessions = new Map<PostgresSession, Promise<unknown>>();
  readonly #openSessions: Sessions | null;

  constructor(options: PostgresTargetOptions) {
    const { target, upstream, services, engine, tokenKey, settings, onFault, prepared } = options;
    this.target = target;
    this.#openSessions = options.openSessions ?? null;
    this.#exemptions = new Exemptions(target, services.now);
    this.#lifts = new Lifts(services.approvals, () => services.policy.current().version);
    const exempt = prepared?.exempt ?? null;
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
      masking: prepared === undefined ? 'inlined' : 'prepared',
      impacts: new Impacts(services.approvals, {
        address: upstream,
        tokenKey,
        connectMs: settings.connectMs,
      }),
      exemption: exempt === null ? null : new Exemption(this.#exemptions, false),
    };
    this.#governor = new Governor(this.#context);
    this.#exempt =
      exempt === null
        ? null
        : new Governor({
            ...this.#context,
            upstream: exempt,
            govern: { ...services, plans: new PlanCache(MAX_PLANS) },
            masking: 'inlined',
            impacts: new Impacts(services.approvals, {
              address: exempt,
              tokenKey,
              connectMs: settings.connectMs,
            }),
            exemption: new Exemption(this.#exemptions, true),
          });
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

  /**
   * What the target's role could read of masked columns by itself, a sentence each: relations that it owns, and on a
   * prepared target columns that were to be closed to it.
   */
  async exposures(): Promise<string[]> {
    const { catalogue, govern, masking } = this.#context;
    const current = await catalogue.current();
    const closed = new Map(current.snapshot.access.map((row) => [row.relation, row]));
    const maskable = this.#exemptions.maskableIn(govern.policy.current(), current);
    return maskable.flatMap(({ schema, relation, columns, oid, numbers }) => {
      const access = closed.get(oid);
      const name = `${schema}.${relation}`;
      if (access?.own === true) return [`it owns ${name}, which has masked columns`];
      const readable = columns.filter((_, at) => !access?.closed.includes(numbers[at] ?? 0));
      if (masking === 'inlined' || readable.length === 0) return [];
      return [`it can read ${readable.join(', ')} of ${name}, which should come masked`];
    });
  }

  mayBeUsedBy(principal: Principal): boolean {
    return this.#context.govern.policy.current().mayUse(principal, this.target);
  }

  async verdicts(principal: Principal, text: string): Promise<Verdict[]> {
    const current = this.#lifts.of(principal);
    return verdictsOf(await this.#governorOf(current), current, text);
  }

  async catalogue(principal: Principal): Promise<CatalogueView> {
    const { catalogue, govern } = this.#context;
    return catalogueView(
      await catalogue.current(),
      govern.policy.current(),
      this.#lifts.of(principal),
      this.target,
      govern.now(),
    );
  }

  /** @throws SluiceError `catalogue.unavailable` */
  async draftOf(principal: Principal, text: string): Promise<Drafted> {
    const current = this.#lifts.of(principal);
    const governor = await this.#governorOf(current);
    if (this.#askers.size >= MAX_ASKERS) this.#askers.clear();
    this.#askers.set(principal.id, principal);
    return draftFor(governor, await newPlace(governor, current), text);
  }

  /** @throws SluiceError `catalogue.unavailable` */
  async draftInstead({ session, requester }: ApprovalRequest, text: string): Promise<Drafted> {
    for (const open of this.#sessions.keys()) {
      const place = session === open.id ? await open.place() : null;
      if (place !== null) return draftFor(open.governor, place, text);
    }
    const asker = session === null ? this.#askers.get(requester.id) : undefined;
    if (asker !== undefined) return this.draftOf(asker, text);
    return {
      kind: 'refused',
      why: `${requester.name} waits for it no longer, so it can not be told what another statement would do.`,
      next: 'Deny it, and say what you would agree to.',
    };
  }

  /** @throws SluiceError `catalogue.unavailable` */
  async impactOf(request: ApprovalRequest): Promise<Impact | null> {
    const asker = this.#askers.get(request.requester.id);
    const { wanted } = request;
    if (asker === undefined || wanted.kind !== 'statement') return null;
    const principal = this.#lifts.of(asker);
    const governor = await this.#governorOf(principal);
    const place = await newPlace(governor, principal);
    const analysis = await governor.analyse(wanted.statement, place.world);
    const [statement] = analysis.kind === 'analysed' ? analysis.statements : [];
    if (statement === undefined) return null;
    return governor.context.impacts.of(request, {
      ...{ governor, principal, statement, world: place.world },
      session: sessionOf(governor, place),
      parameters: wanted.parameters,
      types: [],
      holds: [],
      inTransaction: false,
      ownCatalogue: false,
    });
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
    const connection = await this.connect(new Map([['application_name', 'sluice editor']]), current);
    const { upstream, governor } = connection;
    const editor = new EditorSession(near, governor, upstream.login.parameters.get('server_version') ?? '');
    const channel = new ByteChannel(far);
    const client: ClientEnd = { reader: this.readerOf(channel), outbox: new Outbox(channel) };
    const session = this.session(editor.id, principal, 'editor', 'editor');
    editor.attach(this.open(session, client, connection, editor.observer));
    return editor;
  }

  /** @throws SluiceError `target.unreachable`, `target.certificateRefused`, `target.credentialRefused` */
  async connect(parameters: ReadonlyMap<string, string>, principal: Principal): Promise<Connection> {
    const governor = await this.#governorOf(this.#lifts.of(principal));
    const { upstream, settings, tokenKey } = governor.context;
    const all = new Map([
      ['client_encoding', 'UTF8'],
      ...READING_SETTINGS,
      ...parameters,
      ...tokenKeySettings(tokenKey),
    ]);
    const login = await connectUpstream(upstream, all, settings);
    return { upstream: new Upstream(login, upstream, settings.connectMs), governor };
  }

  /** Without the catalogue nobody can be told to be exempt; whoever is, is asked to connect again. */
  async #governorOf(principal: Principal): Promise<Governor> {
    if (this.#exempt === null) return this.#governor;
    const catalogue = await Promise.resolve(this.#context.catalogue.current()).catch(() => null);
    const policy = this.#context.govern.policy.current();
    const exempt = catalogue !== null && this.#exemptions.isExempt(principal, policy, catalogue);
    return exempt ? this.#exempt : this.#governor;
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
    return { id, surface, principal: this.#lifts.handle(principal), target: this.target, network };
  }

  /** Serves a session until it ends; `ended` tells why, null when the client left by itself. */
  open(
    session: Session,
    client: ClientEnd,
    { upstream, governor }: Connection,
    observer: Observer | null,
  ): { session: PostgresSession; ended: Promise<SluiceError | null> } {
    const served = new PostgresSession({ session, governor, upstream, observer, ...client });
    const unlist = this.#list(session, served);
    const ended = served.run().finally(() => {
      unlist();
      this.#sessions.delete(served);
    });
    this.#sessions.set(served, ended);
    return { session: served, ended };
  }

  /** Lists a session for as long as it is open. Nobody locks it: a transaction that stands still locks others. */
  #list(session: Session, served: PostgresSession): () => void {
    const { now } = this.#context.govern;
    const live = this.#openSessions?.open({
      session,
      account: null,
      canBeLocked: false,
      // Its note has ended it.
      end: () => undefined,
      now,
    });
    live?.onNote(({ sentence, isLast }) => {
      if (isLast) served.kill(new SluiceError('identity.forbidden', sentence, 'Ask them why.'));
    });
    return () => live?.close();
  }

  /** Ends every session, in words, and lets go of the target. */
  async close(): Promise<void> {
    for (const session of this.#sessions.keys()) session.stop();
    const ended = Promise.allSettled(this.#sessions.values());
    await Promise.race([ended, elapsed(CLOSE_MS, undefined, { ref: false })]);
    await Promise.all([this.#context, this.#exempt?.context].map((context) => context?.impacts.close()));
    await this.#context.catalogue.close();
  }
}
