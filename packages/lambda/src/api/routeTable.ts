/** Routes as a table to print. */
export function formatRoutes(routes: readonly (readonly [method: string, path: string, ...rest: unknown[]])[]): string {
  const rows = [['METHOD', 'ROUTE'], ...routes.map(([method, path]) => [method, path])];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (left: string, fill: string, middle: string, right: string): string =>
    left + widths.map((width) => fill.repeat(width + 4)).join(middle) + right;
  const [head, ...body] = rows.map(
    (row) => `║  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  │  ')}  ║`,
  );
  const parts = [line('╔', '═', '╤', '╗'), head, line('╟', '─', '┼', '╢'), ...body, line('╚', '═', '╧', '╝')];
  return parts.join('\n');
}
