import { launch } from './setup/launch.mjs';

launch('scripts/package/main.ts');
