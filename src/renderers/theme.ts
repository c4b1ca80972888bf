import { Chalk } from 'chalk';

/** What the parts of a page look like on a terminal; without colour each leaves its text as it is. */
export interface Theme {
  heading: (text: string) => string;
  faint: (text: string) => string;
  good: (text: string) => string;
  warning: (text: string) => string;
  failure: (text: string) => string;
}

/** The one theme. Sixteen-colour codes only: they follow the operator's own palette, on a dark or a light terminal. */
export function theme(colour: boolean): Theme {
  const chalk = new Chalk({ level: colour ? 1 : 0 });
  return {
    heading: (text) => chalk.bold(text),
    faint: (text) => chalk.dim(text),
    good: (text) => chalk.green(text),
    warning: (text) => chalk.yellow(text),
    failure: (text) => chalk.red(text),
  };
}
