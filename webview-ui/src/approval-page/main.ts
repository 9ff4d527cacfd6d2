import {
  APPROVAL_PAGE_CALLBACK,
  APPROVAL_PAGE_PATH,
  cardPath,
} from '../../../gateway/contract/approval-page.ts';
import { beginSignIn, finishSignIn } from './sign-in.ts';

/** The approval page's script: signs the person in, shows the request's card, and sends what they decide. */

const REFRESH_MS = 5000;

const main = element('main');
const said = element('#said');
const problem = element('#problem');
const signIn = element('#sign-in');
const card = element('#card');

/** In memory alone: whoever opens the page again signs in again. */
let token: string | null = null;
let request = decodeURIComponent(location.pathname.split('/')[2] ?? '');

signIn.addEventListener('click', () => void begin());
card.addEventListener('submit', (event) => {
  event.preventDefault();
  if (event.target instanceof HTMLFormElement) void act(event.target);
});
setInterval(() => {
  if (document.visibilityState === 'visible' && token !== null) void show(false);
}, REFRESH_MS);
void start();

async function start(): Promise<void> {
  const base = new URL(main.dataset.base ?? '/', location.href);
  // A sign-in comes back to the gateway's own address, and what was begun elsewhere would not be found there.
  if (base.origin !== location.origin) return location.replace(new URL(location.pathname, base));
  if (location.pathname !== APPROVAL_PAGE_CALLBACK) return begin();
  const came = await finishSignIn(issuer(), new URLSearchParams(location.search));
  request = came.request ?? '';
  history.replaceState(null, '', `${APPROVAL_PAGE_PATH}/${encodeURIComponent(request)}`);
  if (came.kind === 'failed') return ask(came.why);
  token = came.token;
  await show(true);
}

async function begin(): Promise<void> {
  if (request === '') return ask('This address names no request. Open the link again.');
  try {
    location.replace(await beginSignIn(issuer(), request));
  } catch {
    ask('The gateway does not answer. Try again.');
  }
}

/** Fetches the card, and shows it when it has changed; what was written in its forms stays. */
async function show(isFirst: boolean): Promise<void> {
  const answer = await send('GET', cardPath(request));
  if (answer === null) return;
  if (!answer.ok) return ask(await whyOf(answer));
  const text = await answer.text();
  const shown = card.querySelector('article')?.dataset.revision;
  const fresh = new DOMParser().parseFromString(text, 'text/html').querySelector('article');
  if (fresh === null || fresh.dataset.revision === shown) return;
  const kept = new Map(fields().map((field) => [field.id, field.value]));
  const focused = document.activeElement?.id ?? '';
  card.replaceChildren(fresh);
  for (const field of fields()) field.value = kept.get(field.id) ?? field.value;
  said.textContent = isFirst ? '' : 'The request has changed.';
  problem.textContent = '';
  document.title = `${card.querySelector('h1')?.textContent ?? 'Request'} – Sluice`;
  const again = focused === '' ? null : document.getElementById(focused);
  if (again !== null) again.focus();
  else if (isFirst) card.querySelector('h1')?.focus();
}

/** Sends what a form holds about exactly the statement that is shown. */
async function act(form: HTMLFormElement): Promise<void> {
  const { act: path = '' } = form.dataset;
  const effect = card.querySelector('article')?.dataset.effect;
  const field = (name: string) => String(new FormData(form).get(name) ?? '').trim();
  const bodies: Record<string, unknown> = {
    approve: {
      effect,
      reason: field('reason'),
      bounds: { maxRows: numberOf(field('maxRows')), windowSeconds: numberOf(field('windowSeconds')) },
    },
    deny: { effect, reason: field('reason') },
    remark: { text: field('text') },
    withdraw: {},
    'break-glass': { reason: field('reason') },
    review: { reason: field('reason') },
  };
  const buttons = [...card.querySelectorAll('button')];
  for (const button of buttons) button.disabled = true;
  const answer = await send('POST', `/v1/requests/${encodeURIComponent(request)}/${path}`, bodies[path]);
  for (const button of buttons) button.disabled = false;
  if (answer === null) return;
  const why = answer.ok ? null : await whyOf(answer);
  if (answer.ok) form.reset();
  await show(false);
  said.textContent = why === null ? 'Done.' : '';
  problem.textContent = why ?? '';
  if (why === null) card.querySelector('h1')?.focus();
}

/** Null when nobody answers, or the sign-in has ended; that is told already. */
async function send(method: string, path: string, body?: unknown): Promise<Response | null> {
  const headers = { authorization: `Bearer ${token ?? ''}`, 'content-type': 'application/json' };
  try {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(path, { method, headers, ...sent });
    if (answer.status !== 401) return answer;
    token = null;
    ask('Your sign-in has ended.');
  } catch {
    problem.textContent = 'The gateway does not answer.';
  }
  return null;
}

async function whyOf(answer: Response): Promise<string> {
  const { message = '', next = '' } = await answer.json().catch(() => ({}));
  return `${message} ${next}`.trim() || 'The gateway refused.';
}

/** Says what is in the way, and offers to sign in again. */
function ask(why: string): void {
  said.textContent = '';
  problem.textContent = why;
  signIn.hidden = token !== null;
}

function issuer(): string {
  return main.dataset.issuer ?? '';
}

function fields(): Array<HTMLInputElement | HTMLSelectElement> {
  return [...card.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input, select')];
}

function numberOf(text: string): number | null {
  return text === '' ? null : Number(text);
}

function element(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`the page has no ${selector}`);
  return found;
}
