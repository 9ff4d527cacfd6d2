import * as z from 'zod';

/** zod compiles parsers with `new Function` where it may; a webview's policy forbids it and would report each try. */
z.config({ jitless: true });
