import { escaped, page } from './page.ts';
import type { Person } from './people.ts';

export type UpstreamChoice = { name: string; label: string };

/** Where a person says who they are. `action` is the interaction's address, without a slash at its end. */
export function signInPage(
  action: string,
  client: string,
  people: readonly Person[],
  upstreams: readonly UpstreamChoice[],
): string {
  const parts = [`<p>${escaped(client)} asks you to sign in.</p>`];
  for (const { name, label } of upstreams) {
    parts.push(
      `<p><a class="button" href="${escaped(`${action}/upstream/${name}`)}">Continue with ${escaped(label)}</a></p>`,
    );
  }
  if (people.length > 0) parts.push(peopleForm(action, people));
  parts.push(
    `<form method="post" action="${escaped(action)}/cancel"><button class="quiet">Cancel</button></form>`,
  );
  return page('Sign in', parts.join('\n'));
}

function peopleForm(action: string, people: readonly Person[]): string {
  const buttons = people.map(
    (person) =>
      `<button class="person" name="person" value="${escaped(person.id)}">${escaped(person.name)}<span>${escaped(
        [person.email, person.groups.join(', ')].filter(Boolean).join(' · '),
      )}</span></button>`,
  );
  return `<p class="note">This is the built-in identity provider, for trying things out. It asks for no password and
answers on this computer only. For real use, name your own provider in <code>identity.oidc</code>.</p>
<form method="post" action="${escaped(action)}/person" aria-label="Choose who you are">
${buttons.join('\n')}
</form>`;
}

export function enterCodePage(action: string, xsrf: string, problem: string | null): string {
  return page(
    'Enter your code',
    `${problem === null ? '' : `<p class="note" role="alert">${escaped(problem)}</p>`}
<form method="post" action="${escaped(action)}">
<input type="hidden" name="xsrf" value="${escaped(xsrf)}">
<label for="user_code">The code that your editor or terminal shows</label>
<input type="text" id="user_code" name="user_code" required autofocus autocomplete="off" spellcheck="false">
<button>Continue</button>
</form>`,
  );
}

/** @param asking who shows the code: "Sluice", "An SSH client at 10.0.0.7 that wants to reach web" */
export function confirmCodePage(action: string, xsrf: string, code: string, asking: string): string {
  const hidden = `<input type="hidden" name="xsrf" value="${escaped(xsrf)}">
<input type="hidden" name="user_code" value="${escaped(code)}">`;
  return page(
    'Is this your code?',
    `<p>${escaped(asking)} shows a code in your editor or terminal. Continue only if it is this one:</p>
<p class="code">${escaped(code)}</p>
<form method="post" action="${escaped(action)}">${hidden}
<input type="hidden" name="confirm" value="yes"><button autofocus>Continue</button></form>
<form method="post" action="${escaped(action)}">${hidden}
<input type="hidden" name="abort" value="yes"><button class="quiet">This is not my code</button></form>
<p class="soft">Somebody who sent you a link with a code wants to act in your name.</p>`,
  );
}

export function signedInPage(client: string): string {
  return page('You are signed in', `<p>${escaped(client)} goes on by itself. You can close this page.</p>`);
}

export function problemPage(what: string, next: string): string {
  return page('That did not work', `<p role="alert">${escaped(what)}</p><p>${escaped(next)}</p>`);
}
