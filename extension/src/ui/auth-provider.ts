import * as vscode from 'vscode';
import { SluiceError } from '../../../gateway/contract/error.ts';
import type { GatewayConnection } from '../gateway/connection.ts';
import { HttpClient } from '../gateway/http-client.ts';
import { type Account, AccountStore } from '../identity/account.ts';
import type { AuthorizationClient, OpenAuthorizationClient } from '../identity/authorization-client.ts';
import { Signal } from '../signal.ts';
import { signIn, type UriRedirects } from './sign-in.ts';

const PROVIDER_ID = 'sluice';

/** The account in the editor's Accounts menu. One gateway, one account. */
export class AuthProvider implements vscode.AuthenticationProvider, vscode.Disposable {
  /** Who is signed in at the gateway in use. */
  readonly account = new Signal<Account | null>(null);
  readonly #changed =
    new vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>();
  readonly onDidChangeSessions = this.#changed.event;
  readonly #secrets: vscode.SecretStorage;
  readonly #connection: () => GatewayConnection;
  readonly #openClient: OpenAuthorizationClient;
  readonly #redirects: UriRedirects;
  readonly #subscriptions: vscode.Disposable[];
  #store: AccountStore | null = null;

  constructor(
    secrets: vscode.SecretStorage,
    connection: () => GatewayConnection,
    openClient: OpenAuthorizationClient,
    redirects: UriRedirects,
  ) {
    this.#secrets = secrets;
    this.#connection = connection;
    this.#openClient = openClient;
    this.#redirects = redirects;
    this.#subscriptions = [
      vscode.authentication.registerAuthenticationProvider(PROVIDER_ID, 'Sluice', this, {
        supportsMultipleAccounts: false,
      }),
      secrets.onDidChange(({ key }) => {
        if (this.#store?.isKey(key) === true) void this.#reload();
      }),
    ];
  }

  /** `gateway` names whose account counts: an address, or `bundled`, whose port may change. */
  async useGateway(gateway: string): Promise<void> {
    this.#store = new AccountStore(gateway, this.#secrets, () => this.#authorizationClient());
    await this.#reload();
  }

  async getSessions(): Promise<vscode.AuthenticationSession[]> {
    const account = this.account.value;
    return account === null ? [] : [sessionOf(account)];
  }

  async createSession(): Promise<vscode.AuthenticationSession> {
    const client = await this.#authorizationClient();
    const tokens = await signIn(client, this.#redirects);
    const state = this.#connection().state.value;
    if (state.kind !== 'ready' || this.#store === null) throw new vscode.CancellationError();
    const me = await new HttpClient({ url: state.url, token: async () => tokens.accessToken }).ask('me');
    const account = { id: me.id, name: me.name, tokens };
    await this.#store.save(account);
    this.#become(account);
    return sessionOf(account);
  }

  async removeSession(): Promise<void> {
    await this.#store?.forget();
    this.#become(null);
  }

  /** A token for the gateway, renewed when needed; null when signed out (also when that shows only now). */
  async accessToken(aheadMs?: number): Promise<string | null> {
    const token = (await this.#store?.accessToken(aheadMs)) ?? null;
    if (token !== this.account.value?.tokens.accessToken) await this.#reload();
    return token;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  async #authorizationClient(): Promise<AuthorizationClient> {
    const state = await this.#connection().settled();
    if (state.kind === 'ready') return this.#openClient(state.hello.issuer, state.hello.clientId);
    if (state.kind === 'unreachable' || state.kind === 'mismatch') throw state.error;
    throw new SluiceError('target.unreachable', 'The gateway has not started yet.', 'Try again in a moment.');
  }

  async #reload(): Promise<void> {
    this.#become((await this.#store?.load()) ?? null);
  }

  #become(account: Account | null): void {
    const before = this.account.value;
    if (before?.id === account?.id && before?.tokens.accessToken === account?.tokens.accessToken) return;
    this.account.set(account);
    const isSame = before !== null && account !== null && before.id === account.id;
    this.#changed.fire({
      added: account !== null && !isSame ? [sessionOf(account)] : [],
      removed: before !== null && !isSame ? [sessionOf(before)] : [],
      changed: isSame ? [sessionOf(account)] : [],
    });
  }
}

function sessionOf(account: Account): vscode.AuthenticationSession {
  return {
    id: account.id,
    accessToken: account.tokens.accessToken,
    account: { id: account.id, label: account.name },
    scopes: [],
  };
}
