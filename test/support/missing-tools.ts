import { spawnSync } from 'node:child_process';
import { childEnvironment } from '../lab/run.js';

/** A sentence on what lacks which of the tools, or undefined where all of them are installed. */
export function missingTools(needs: string, tools: readonly string[]): string | undefined {
  const missing = tools.filter(
    (tool) => spawnSync('sh', ['-c', `command -v ${tool}`], { env: childEnvironment(), stdio: 'ignore' }).status !== 0,
  );
  return missing.length === 0 ? undefined : `${needs} ${missing.join(', ')}, which is not installed`;
}
