// Unanswered plays, kept over reloads: `{key, body, member}` each, never a token.

const prefix = (store: string, activity: string): string => `funfair:${store}:${activity}:`;

export function keep(store: string, activity: string, key: string, json: string): void {
  attempt(() => localStorage.setItem(prefix(store, activity) + key, json));
}

export function drop(store: string, activity: string, key: string): void {
  attempt(() => localStorage.removeItem(prefix(store, activity) + key));
}

/** Every one of this activity. */
export function kept(store: string, activity: string): string[] {
  const found: string[] = [];
  attempt(() => {
    for (let at = 0; at < localStorage.length; at++) {
      const name = localStorage.key(at)!;
      if (name.startsWith(prefix(store, activity))) found.push(localStorage.getItem(name)!);
    }
  });
  return found;
}

/** Storage may be full or forbidden; then a reload asks the server nothing, and it charged once. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // The play itself goes on.
  }
}
