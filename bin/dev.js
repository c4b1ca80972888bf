#!/usr/bin/env node
// Runs the sources as they are: bundles them first, which takes a moment.
import { build } from '../scripts/build.mjs';

await build();
await import('./run.js');
