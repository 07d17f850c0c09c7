/** What runs in the window itself. Each function stands alone: only its text gets there. */

/** What scrolling showed. `scriptMs`: the longest frame by the time that our scripts took in it. */
export interface Scrolled {
  readonly frames: number;
  readonly dropped: number;
  readonly longestMs: number;
  readonly scriptMs: number;
  /** Frames in which a row in sight had not come yet. */
  readonly blank: number;
}

/** Presses, and waits for the frame in which the new content stands; in milliseconds since the press. */
export function openIn(
  target: HTMLElement | SVGElement,
  kind: 'grid' | 'queue' | 'calendar' | 'sections',
): Promise<number> {
  const label = target.querySelector('span')?.textContent ?? '';
  const stands: Record<typeof kind, () => boolean> = {
    grid: () => {
      const grid = document.querySelector('.grid');
      if (document.querySelector('.list-place[hidden]')) return document.querySelector('.message') !== null;
      const named =
        label === '' || target.closest('.side') === null || grid?.getAttribute('aria-label') === label;
      return (
        grid?.getAttribute('aria-busy') === 'false' && named && grid.querySelector('[data-article]') !== null
      );
    },
    queue: () =>
      document.querySelector('.queue-item[aria-current]') !== null ||
      document.querySelector('.message') !== null,
    calendar: () => document.querySelector('.calendar')?.getAttribute('aria-busy') === 'false',
    sections: () => document.querySelector('.sections')?.getAttribute('aria-busy') === 'false',
  };
  return new Promise((resolve) => {
    const from = performance.now();
    (target as HTMLElement).click();
    const look = () => {
      // The frame after the one in which it stands: what was drawn is on the screen by then.
      if (stands[kind]()) requestAnimationFrame(() => resolve(performance.now() - from));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

/** Scrolls the list, first as a wheel does, then as somebody does who pulls the bar through all of it. */
export function scrollIn(): Promise<Scrolled> {
  const list =
    document.querySelector<HTMLElement>('.queue .scroll') ?? document.querySelector<HTMLElement>('.grid');
  const WHEEL_FRAMES = 180;
  const PULL_FRAMES = 60;
  const FRAME_MS = 1000 / 60;
  let scriptMs = 0;
  const observer = new PerformanceObserver((found) => {
    for (const entry of found.getEntries()) {
      const scripts = (entry as unknown as { scripts?: readonly { duration: number }[] }).scripts ?? [];
      scriptMs = Math.max(
        scriptMs,
        scripts.reduce((sum, one) => sum + one.duration, 0),
      );
    }
  });
  observer.observe({ type: 'long-animation-frame', buffered: false });
  return new Promise((resolve) => {
    let frames = 0;
    let dropped = 0;
    let blank = 0;
    let longestMs = 0;
    let last = performance.now();
    const end = (list?.scrollHeight ?? 0) - (list?.clientHeight ?? 0);
    const step = (now: number) => {
      const took = now - last;
      last = now;
      if (frames > 0) {
        longestMs = Math.max(longestMs, took);
        dropped += Math.max(0, Math.round(took / FRAME_MS) - 1);
        if (document.querySelector('.row-empty')) blank += 1;
      }
      if (frames >= WHEEL_FRAMES + PULL_FRAMES) {
        // Long frames are told a little later.
        setTimeout(() => {
          observer.disconnect();
          list?.scrollTo({ top: 0 });
          resolve({ frames, dropped, longestMs, scriptMs, blank });
        }, 200);
        return;
      }
      if (frames < WHEEL_FRAMES) list?.scrollBy({ top: 60 });
      else list?.scrollTo({ top: (end * (frames - WHEEL_FRAMES + 1)) / PULL_FRAMES });
      frames += 1;
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
}

/** Scrolls a list of the same look that stands there drawn and asks nobody for anything: what the machine itself can do. Returns the frames that it dropped. */
export function scrollPlain(): Promise<{ readonly frames: number; readonly dropped: number }> {
  const list =
    document.querySelector<HTMLElement>('.queue .scroll') ?? document.querySelector<HTMLElement>('.grid');
  const rows = [...(list?.querySelectorAll('[data-article]') ?? [])];
  const { left = 0, top = 0, width = 0, height = 0 } = list?.getBoundingClientRect() ?? {};
  const plain = document.createElement('div');
  plain.className = list?.className ?? '';
  plain.style.cssText = `position:fixed;left:${left}px;top:${top}px;width:${width}px;height:${height}px;z-index:1000;background:var(--surface);overflow:auto`;
  for (let count = 0; count < 240; count += 1) {
    const row = rows[count % rows.length];
    if (row) plain.append(row.cloneNode(true));
  }
  document.body.append(plain);
  const FRAME_MS = 1000 / 60;
  return new Promise((resolve) => {
    let frames = 0;
    let dropped = 0;
    let last = performance.now();
    const step = (now: number) => {
      if (frames > 0) dropped += Math.max(0, Math.round((now - last) / FRAME_MS) - 1);
      last = now;
      if (frames >= 180) {
        plain.remove();
        resolve({ frames, dropped });
        return;
      }
      plain.scrollBy({ top: 60 });
      frames += 1;
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
}
