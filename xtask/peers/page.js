// What every peer's page does as a page of ours does: asks for the activity and for the member at
// once, shows a wheel of its prizes, and lets it be spun as soon as the member may. A wheel stands
// in each element with `data-activity`; an activity that the page carries is not asked for.

export const places = () => [...document.querySelectorAll('[data-activity]')];

const json = (answer) => answer.json();
let token;

async function signed(path, init) {
  token = token || fetch('/shop/token', { cache: 'no-store' }).then(json);
  const headers = { Authorization: `Bearer ${(await token).token}`, ...init?.headers };
  return json(await fetch(path, { ...init, headers }));
}

/** The activity and the member's side of it, each as soon as it has come; and a play. */
export function open(place) {
  const path = `/v1/stores/acme/activities/${place.dataset.activity}`;
  const carried = place.querySelector('script');
  const activity = carried ? Promise.resolve(JSON.parse(carried.text)) : fetch(path).then(json);
  const me = signed(`${path}/me`);
  const mayPlay = me.then(({ view }) => view.chances.free > 0);

  /** Which prize it is. */
  async function play() {
    const [{ revision, odds }, { commitment }] = await Promise.all([activity, me]);
    const body = { action: { type: 'spin', pay: 'free' }, client_seed: seed(), commitment, revision };
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': seed() };
    const played = await signed(`${path}/plays`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return odds.findIndex(({ prize }) => prize === played.receipt.outcome.prize);
  }
  return { labels: activity.then(({ odds }) => odds.map(({ label }) => label.en)), mayPlay, play };
}

const seed = () => crypto.randomUUID();

export const colours = ['#fde68a', '#fef3c7'];
/** How long a spin takes, in milliseconds. */
export const SPIN = 5000;

/** A page without a framework: `make` puts a wheel into its place and gives what spins it to a prize. */
export function wheels(make) {
  for (const place of places()) {
    const { labels, mayPlay, play } = open(place);
    const button = document.createElement('button');
    button.disabled = true;
    button.textContent = 'Spin';
    labels.then((labels) => {
      const spin = make(place, labels);
      place.append(button);
      mayPlay.then((may) => (button.disabled = !may));
      button.onclick = () => spin(play());
    });
  }
}
