// Decoration: the result is known before any of it starts and does not depend on its end.

const SPIN_MS = 4200;
const DRAW_MS = 240;
/** How far past its place the wheel swings before it settles: 1 % of a turn. */
const SETTLE_DEGREES = 3.6;

/** Where a wheel stands at `t` (0 to 1) that has `travel` degrees to go: a long tail, a settle. */
export function turned(t: number, travel: number): number {
  const tail = 0.93;
  return t < tail
    ? SETTLE_DEGREES - (travel + SETTLE_DEGREES) * Math.pow(1 - t / tail, 3.4)
    : (SETTLE_DEGREES * (1 + Math.cos((Math.PI * (t - tail)) / (1 - tail)))) / 2;
}

/** Turns the disc into the place where it already stands, the pointer ticking at each sector. */
export function turn(disc: Element, pointer: Element | null, travel: number): Promise<unknown> {
  const frames: Keyframe[] = [];
  const ticks: Keyframe[] = [];
  const sectors = disc.querySelectorAll('.sector').length || 8;
  const steps = 84;
  for (let step = 0; step <= steps; step++) {
    const at = turned(step / steps, travel);
    frames.push({ transform: `rotate(${at}deg)` });
    // The pointer leans while an edge passes under it and falls back in between.
    const phase = (((at / 360) * sectors + 0.5) % 1 + 1) % 1;
    ticks.push({ transform: `rotate(${phase < 0.35 ? -14 * (1 - phase / 0.35) : 0}deg)` });
  }
  pointer?.animate?.(ticks, SPIN_MS);
  return play(disc, frames, SPIN_MS);
}

/** Draws a stroke from its beginning. */
export function draw(path: Element): Promise<unknown> {
  const frames = [{ strokeDashoffset: '24' }, { strokeDashoffset: '0' }];
  return play(path, frames as unknown as Keyframe[], DRAW_MS);
}

function play(node: Element, frames: Keyframe[], ms: number): Promise<unknown> {
  if (!node.animate) return Promise.resolve();
  const motion = node.animate(frames, ms);
  // A hidden page ends no animation: the clock does.
  const late = new Promise((done) => setTimeout(done, ms + 400));
  return Promise.race([new Promise((done) => (motion.onfinish = motion.oncancel = done)), late]);
}
