/** The value below which a share of the measurements lies; 0 of none. */
export function at(found: readonly number[], share: number): number {
  const sorted = [...found].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
