import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { SluiceError } from '../../../contract/error.ts';
import { sendPage } from './page.ts';
import { problemPage, signInPage } from './pages.ts';
import type { Person } from './people.ts';
import { SIGN_IN_TARGETS } from './provider.ts';
import type { Upstreams } from './upstream.ts';

const MAX_FORM_BYTES = 4096;
const START_AGAIN = 'Go back to your editor or terminal and start signing in again.';

export type SignInPages = {
  provider: Provider;
  /** Path under which the server is mounted: "/oidc". */
  mount: string;
  clientName: string;
  /** People who may be chosen without proof; empty unless the built-in identity provider is on. */
  builtIn: readonly Person[];
  upstreams: Upstreams;
};

/**
 * Serves the pages between a client's request and its tokens, under `MOUNT/interaction/` and
 * `MOUNT/upstream/`. Resolves to false for a path that isn't one of them.
 */
export async function serveSignIn(
  pages: SignInPages,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const url = new URL(request.url ?? '/', 'http://gateway');
  const steps = url.pathname.slice(pages.mount.length).split('/').slice(1).map(decodeURIComponent);
  const [area, id, step, name, last] = steps;
  if (area === 'upstream' && id !== undefined && step === 'callback') {
    returnToInteraction(pages, id, url, response);
    return true;
  }
  if (area !== 'interaction' || id === undefined) return false;
  try {
    await serveInteraction(pages, request, response, { url, id, step, name, last });
  } catch (error) {
    if (response.headersSent) throw error;
    sendProblem(response, error);
  }
  return true;
}

function sendProblem(response: ServerResponse, error: unknown): void {
  if (error instanceof SluiceError) {
    const status = error.code === 'identity.providerUnreachable' ? 502 : 400;
    sendPage(response, status, problemPage(error.message, error.next));
    return;
  }
  const ranOut = error instanceof Error && error.name === 'SessionNotFound';
  const what = ranOut ? 'This sign-in has run out.' : 'The sign-in could not be completed.';
  sendPage(response, 400, problemPage(what, START_AGAIN));
}

type Step = {
  url: URL;
  id: string;
  step?: string | undefined;
  name?: string | undefined;
  last?: string | undefined;
};

async function serveInteraction(
  pages: SignInPages,
  request: IncomingMessage,
  response: ServerResponse,
  { url, id, step, name, last }: Step,
): Promise<void> {
  const interaction = await pages.provider.interactionDetails(request, response);
  const action = `${pages.mount}/interaction/${interaction.uid}`;
  const route = `${request.method} ${last ?? step ?? ''}`;
  if (interaction.uid !== id) {
    sendPage(response, 400, problemPage('This page belongs to another sign-in.', START_AGAIN));
  } else if (route === 'GET ') {
    const html = signInPage(action, pages.clientName, pages.builtIn, pages.upstreams.choices());
    sendPage(response, 200, html, SIGN_IN_TARGETS);
  } else if (route === 'POST person') {
    await choosePerson(pages, request, response);
  } else if (route === 'POST cancel') {
    const result = { error: 'access_denied', error_description: 'the sign-in was cancelled' };
    await pages.provider.interactionFinished(request, response, result);
  } else if (route === 'GET upstream' && name !== undefined) {
    response.writeHead(303, { location: (await pages.upstreams.begin(name, id)).href }).end();
  } else if (route === 'GET finish' && name !== undefined) {
    const person = await pages.upstreams.finish(name, id, url);
    await pages.provider.interactionFinished(request, response, {
      login: { accountId: person.id, remember: false },
    });
  } else {
    sendPage(response, 404, problemPage('There is no such page.', START_AGAIN));
  }
}

async function choosePerson(
  pages: SignInPages,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chosen = new URLSearchParams(await formText(request)).get('person');
  const person = pages.builtIn.find(({ id }) => id === chosen);
  if (person === undefined) {
    sendPage(response, 400, problemPage('This person is not on the list.', START_AGAIN));
    return;
  }
  await pages.provider.interactionFinished(request, response, {
    login: { accountId: person.id, remember: false },
  });
}

/** The callback has no cookie of the interaction; its own address has, and proves that the browser is the same. */
function returnToInteraction(pages: SignInPages, name: string, url: URL, response: ServerResponse): void {
  const interaction = pages.upstreams.interactionOf(url.searchParams.get('state') ?? '');
  if (interaction === null) {
    sendPage(response, 400, problemPage('This sign-in has run out.', START_AGAIN));
    return;
  }
  const location = `${pages.mount}/interaction/${interaction}/upstream/${encodeURIComponent(name)}/finish${url.search}`;
  response.writeHead(303, { location, 'referrer-policy': 'no-referrer' }).end();
}

async function formText(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > MAX_FORM_BYTES) throw new RangeError('the form is too large');
  }
  return text;
}
