import { launch } from './setup/launch.mjs';

launch('scripts/test/main.ts', ['e2e', ...process.argv.slice(2)]);
