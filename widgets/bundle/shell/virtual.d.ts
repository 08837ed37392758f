// What `cargo xtask build` makes for each bundle and resolves for esbuild: everything here differs
// from bundle to bundle, so the shell itself stays the same file for all of them.

/** The wasm core of this bundle. */
declare module 'funfair:core' {
  export interface Core {
    /** One message in, its texts with U+0002 between; out come view and effects, a line of JSON each. */
    turn(what: number, now: number, texts: string): string;
  }
  /** A new instance with its own memory, from the one compiled module: a trap ends one widget. */
  export function instantiate(): Promise<Core>;
}

/** The rest of what a bundle is made of. */
declare module 'funfair:bundle' {
  /** The slugs in this bundle, in the order of wasm-pack.toml. */
  export const kinds: readonly string[];
  /** The bundle's name in wasm-pack.toml. */
  export const name: string;
  /** The locales that `texts/<name>.<locale>.json` exist in; the first is the fallback. */
  export const locales: readonly string[];
  /** Minified style sheets: of the kit (`kit`) and of each slug. */
  export const styles: Readonly<Record<string, string>>;
}
