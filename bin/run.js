#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import release from './load.cjs';

await release.main(process.argv.slice(2), fileURLToPath(new URL('..', import.meta.url)));
