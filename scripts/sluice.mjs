import { launch } from './setup/launch.mjs';

launch('gateway/src/cli/sluice.ts');
