/** How much of something is done, 0 to 1, named for screen readers. */
export function Progress({ part, label }: { readonly part: number; readonly label: string }) {
  const percent = Math.round(Math.min(1, Math.max(0, part)) * 100);
  return (
    <progress className="progress" value={percent} max={100} aria-label={label}>
      {percent}
    </progress>
  );
}
