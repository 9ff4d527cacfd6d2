import { launch } from './setup/launch.mjs';

launch('test/noninterference/cli.ts');
