import type { Line } from './line.ts';

const HEAD: Line = {
  what: 'what',
  ours: 'hocuspass',
  beside: 'beside',
  theirs: 'theirs',
  ratio: 'ratio [95 %]',
  target: 'target',
};

/** All lines as one Markdown table that also reads well as text. */
export function toTable(lines: readonly Line[]): string {
  const rows = [HEAD, ...lines].map((line, i) => [
    ...[line.what, line.ours, line.beside, line.theirs, line.ratio, line.target],
    i === 0 ? 'met' : toWord(line.isMet),
  ]);
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length), 3));
  const [head = '', ...body] = rows.map(
    (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  return [head, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...body].join('\n');
}

function toWord(isMet: boolean | undefined): string {
  if (isMet === undefined) return '';
  return isMet ? 'yes' : 'NO';
}
