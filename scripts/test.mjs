import { launch } from './setup/launch.mjs';

launch('scripts/test/main.ts');
