import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

// Adds up the closing lines of every Vitest run in a log: `Tests  1 failed | 23 passed | 2 skipped (26)`.
const [, , log = ''] = process.argv;
const closing = stripVTControlCharacters(readFileSync(log, 'utf8')).matchAll(
  /^\s*(?:\S+:\s+)?(?:Tests|Errors)\s+(.*)$/gm,
);
const counts = [...closing].map(([, line = '']) => line);
const sum = (pattern: RegExp) => counts.reduce((total, line) => total + Number(pattern.exec(line)?.[1] ?? 0), 0);

const skipped = sum(/(\d+) skipped/);
if (skipped > 0) console.log(`${skipped} skipped`);
console.log(`${sum(/(\d+) passed/)} passed, ${sum(/(\d+) (?:failed|error)/)} failed`);
