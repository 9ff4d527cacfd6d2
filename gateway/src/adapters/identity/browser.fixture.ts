/** A browser as the tests need one: cookies by path, redirects, forms. It runs no script. */
export class Browser {
  readonly #cookies = new Map<string, { value: string; path: string; origin: string }>();

  async open(url: string | URL, form?: Record<string, string>): Promise<Page> {
    let address = new URL(url);
    let body = form === undefined ? null : new URLSearchParams(form);
    for (;;) {
      const response = await fetch(address, {
        method: body === null ? 'GET' : 'POST',
        redirect: 'manual',
        headers: {
          cookie: this.#cookiesFor(address),
          accept: 'text/html',
          ...(body === null ? {} : { origin: address.origin }),
        },
        body,
      });
      this.#keep(response, address);
      const location = response.headers.get('location');
      if (location === null) return new Page(this, address, response, await response.text());
      const next = new URL(location, address);
      // Where the browser would leave the gateway for a client's own address.
      if (next.pathname === '/callback' && next.port === '1') return new Page(this, next, response, '');
      address = next;
      body = null;
    }
  }

  #cookiesFor(url: URL): string {
    return [...this.#cookies.values()].length === 0
      ? ''
      : [...this.#cookies]
          .filter(([, { path, origin }]) => origin === url.origin && url.pathname.startsWith(path))
          .map(([name, { value }]) => `${name.split('@')[0]}=${value}`)
          .join('; ');
  }

  #keep(response: Response, url: URL): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ');
      const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      const path = attributes.find((attribute) => attribute.startsWith('path='))?.slice(5) ?? '/';
      const key = `${name}@${url.origin}${path}`;
      if (value === '') this.#cookies.delete(key);
      else this.#cookies.set(key, { value, path, origin: url.origin });
    }
  }
}

export class Page {
  readonly #browser: Browser;
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;

  constructor(browser: Browser, url: URL, response: Response, html: string) {
    this.#browser = browser;
    this.url = url;
    this.status = response.status;
    this.headers = response.headers;
    this.html = html;
  }

  /** Submits the form that has a button or a field with this text in it. */
  submit(containing: string, fields: Record<string, string> = {}): Promise<Page> {
    const form = [...this.html.matchAll(/<form[^>]*action="([^"]+)"[^>]*>([\s\S]*?)<\/form>/g)].find(
      ([whole]) => whole.includes(containing),
    );
    if (form === undefined) throw new Error(`no form has "${containing}": ${this.html}`);
    const [, action = '', inside = ''] = form;
    const hidden = [...inside.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']): [string, string] => [name, value],
    );
    return this.#browser.open(new URL(action, this.url), { ...Object.fromEntries(hidden), ...fields });
  }

  follow(containing: string): Promise<Page> {
    const link = [...this.html.matchAll(/<a[^>]*href="([^"]+)"[^>]*>([\s\S]*?)<\/a>/g)].find(([whole]) =>
      whole.includes(containing),
    );
    if (link === undefined) throw new Error(`no link has "${containing}": ${this.html}`);
    return this.#browser.open(new URL(link[1] ?? '', this.url));
  }
}
