import { launch } from './setup/launch.mjs';

launch('scripts/fuzz-wire.ts');
