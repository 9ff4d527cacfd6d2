import type { z } from 'zod';
import type { Endpoint } from '../../contract/endpoint.ts';
import type { endpoints } from '../../contract/endpoints.ts';
import { SluiceError } from '../../contract/error.ts';
import type { TargetName } from '../../contract/ids.ts';
import type { Principal } from '../../contract/principal.ts';
import type { ActionRecord } from '../../contract/record.ts';
import type { Authenticated } from '../core/access/authentication.ts';
import type { GovernedHost } from '../core/flow/governed-host.ts';
import type { GovernedTarget } from '../core/flow/governed-target.ts';
import { auditHandlers } from './audit-handlers.ts';
import { searchWords, tellReading } from './auditing.ts';
import { draftHandlers } from './policy-drafts.ts';
import { policyHandlers } from './policy-handlers.ts';
import { requestHandlers } from './request-handlers.ts';
import type { ApiServices } from './services.ts';
import { sessionHandlers } from './sessions/handlers.ts';

type Table = typeof endpoints;

/**
 * A parsed call. `caller` is null for endpoints without authentication; `signal` is aborted when nobody waits for the
 * reply any more.
 */
export type Call<Params, Body> = { params: Params; body: Body; caller: Caller | null; signal: AbortSignal };
export type Caller = { principal: Principal; signedIn: Authenticated };

type HandlerOf<E> =
  E extends Endpoint<infer Params, infer Body, infer Reply>
    ? (call: Call<z.output<Params>, z.output<Body>>) => Promise<z.input<Reply>>
    : never;

/** One handler for each endpoint of the table: a missing one does not compile. */
export type Handlers = { [Name in keyof Table]: HandlerOf<Table[Name]> };

export function handlers(services: ApiServices): Handlers {
  return {
    hello: async () => services.hello,
    me: async ({ caller }) => required(caller).principal,
    targets: async ({ caller }) => {
      const { principal } = required(caller);
      const policy = services.policy.current();
      const targets = [...services.targets.values(), ...services.hosts.values()].map(({ target }) => target);
      return { targets: targets.filter((target) => policy.mayUse(principal, target)) };
    },
    catalogue: async ({ params, caller }) => {
      const { principal } = required(caller);
      return usableTarget(services, principal, params.target).catalogue(principal);
    },
    verdicts: async ({ params, body, caller }) => {
      const { principal } = required(caller);
      return {
        verdicts: await usableTarget(services, principal, params.target).verdicts(principal, body.text),
      };
    },
    credential: async ({ params, caller }) => {
      const { principal, signedIn } = required(caller);
      const { target } = usableTarget(services, principal, params.target);
      const minted = await signedIn.mint(target.name);
      const expiresAt = minted.expiresAt.toISOString();
      const { id, name } = principal;
      await services.events.note({ id, name }, { kind: 'credential', target: target.name, expiresAt });
      return {
        user: minted.login,
        password: minted.password.reveal(),
        database: target.name,
        ...services.wire,
        expiresAt,
      };
    },
    records: async ({ params, caller }) => {
      const { principal } = required(caller);
      const mayReadAll = principal.groups.some((group) => services.auditorGroups.includes(group));
      const { target = null, before = null, limit, answers, ...search } = params;
      const mayRead = mayReadAll ? null : principal.id;
      if (mayReadAll) {
        const what = searchWords({ ...search, ...(target === null ? {} : { target }) });
        const how = answers === 'include' ? ' with their answers' : '';
        await tellReading(services, principal, `read records of everybody${how}${what}`);
      }
      const page = await services.records.list({ principal: mayRead, search, target, before, limit });
      return answers === 'include' ? page : { ...page, records: page.records.map(withoutAnswer) };
    },
    sshCertificate: async ({ body, caller }) => {
      const { principal, signedIn } = required(caller);
      if (services.ssh === null) {
        throw new SluiceError(
          'target.unknown',
          'This gateway does not serve SSH.',
          'Ask an administrator of it for listen.ssh.',
        );
      }
      const certified = services.ssh.certify(body.publicKey, signedIn.signIn);
      const { id, name } = principal;
      const { expiresAt } = certified;
      await services.events.note({ id, name }, { kind: 'credential', target: null, expiresAt });
      return certified;
    },
    files: async ({ params, caller, signal }) => {
      const { principal, signedIn } = required(caller);
      const host = usableHost(services, principal, params.target);
      const account = accountOf(host, params.account);
      return host.listFiles(signedIn.principal, { account, path: params.path }, signal);
    },
    file: async ({ params, caller, signal }) => {
      const { principal, signedIn } = required(caller);
      const host = usableHost(services, principal, params.target);
      const account = accountOf(host, params.account);
      return host.readFile(signedIn.principal, { account, path: params.path }, signal);
    },
    deadLetters: async ({ caller }) => {
      const { groups } = required(caller).principal;
      const may = [...services.adminGroups, ...services.auditorGroups];
      if (groups.some((group) => may.includes(group))) return { deadLetters: await services.deadLetters() };
      throw new SluiceError(
        'identity.forbidden',
        `Only ${may.join(' and ')} may see which messages were not taken.`,
        'Ask one of them.',
      );
    },
    ...requestHandlers(services),
    ...sessionHandlers(services),
    ...policyHandlers(services),
    ...draftHandlers(services),
    ...auditHandlers(services),
  };
}

/**
 * A target that policy lets this person use. One that they may not use is as unknown as one that isn't there.
 *
 * @throws SluiceError `target.unknown`
 */
export function usableTarget(services: ApiServices, principal: Principal, name: TargetName): GovernedTarget {
  const target = services.targets.get(name);
  if (target !== undefined && services.policy.current().mayUse(principal, target.target)) return target;
  throw new SluiceError(
    'target.unknown',
    `There is no target called ${name} that you may use.`,
    'Check the name, or ask whoever owns the policy to let your groups use it.',
  );
}

/**
 * The same for a host.
 *
 * @throws SluiceError `target.unknown`
 */
export function usableHost(services: ApiServices, principal: Principal, name: TargetName): GovernedHost {
  const host = services.hosts.get(name);
  if (host !== undefined && services.policy.current().mayUse(principal, host.target)) return host;
  throw new SluiceError(
    'target.unknown',
    `There is no host called ${name} that you may use.`,
    'Check the name, or ask whoever owns the policy to let your groups use it.',
  );
}

/**
 * The host's account of that name; its first where none is named.
 *
 * @throws SluiceError `request.invalid` where it has no such account
 */
export function accountOf({ target, accounts }: GovernedHost, name: string | undefined): string {
  const account = name === undefined ? accounts[0] : accounts.find((one) => one === name);
  if (account !== undefined) return account;
  throw new SluiceError(
    'request.invalid',
    `${target.name} has no account ${name} that can be logged in to.`,
    `It has ${accounts.join(', ')}.`,
  );
}

export function required(caller: Caller | null): Caller {
  if (caller !== null) return caller;
  throw new SluiceError('identity.signInRequired', 'This needs a signed-in person.', 'Sign in first.');
}

function withoutAnswer(record: ActionRecord): ActionRecord {
  if (record.outcome?.answer === undefined) return record;
  const { answer: _answer, ...outcome } = record.outcome;
  return { ...record, outcome };
}
