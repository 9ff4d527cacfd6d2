import { launch } from './setup/launch.mjs';

launch('scripts/bench.ts');
