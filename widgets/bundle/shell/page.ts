// What the page around an element decides: language, colour scheme, where files come from.

import { locales, name } from 'funfair:bundle';

/** The best of the bundle's locales for the element's or the page's language. */
export function locale(element: Element): string {
  const near = element.closest('[lang]') as HTMLElement | null;
  const want = (near && near.lang) || document.documentElement.lang || navigator.language;
  // Chinese is read by its characters: Hong Kong's and Macau's are Taiwan's.
  const tag = /^zh\b(?!.*hans).*(hant|tw|hk|mo)/i.test(want) ? 'zh-TW' : want.split('-')[0]!.toLowerCase();
  return locales.find((one) => one === want) || locales.find((one) => one.startsWith(tag)) || locales[0]!;
}

/** Light or dark, as the page's own `color-scheme` says: a light page stays light. */
export function scheme(element: Element): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[name=color-scheme]');
  const own = getComputedStyle(element).colorScheme || 'normal';
  const words = own === 'normal' && meta ? meta.content : own;
  if (!words.includes('dark')) return 'light';
  const wished = matchMedia('(prefers-color-scheme: dark)').matches;
  return words.includes('light') && !wished ? 'light' : 'dark';
}

/** The texts of this bundle, from beside this script; fetched once. */
const words = new Map<string, Promise<string>>();
export function wordsOf(lang: string): Promise<string> {
  const url = new URL(`texts/${name}.${lang}.json`, import.meta.url).href;
  let known = words.get(url);
  if (!known) {
    known = fetch(url)
      .then((answer) => (answer.ok ? answer.text() : ''))
      // A page in the place of a missing file is no text.
      .then((text) => (JSON.parse(text), text))
      .catch(() => {
        // A failure is not remembered; what is thrown is its code.
        words.delete(url);
        throw 'texts';
      });
    words.set(url, known);
  }
  return known;
}

/** Style sheets are shared by all elements of the page. */
const sheets = new Map<string, CSSStyleSheet>();

export function dress(root: ShadowRoot, texts: string[]): void {
  if (!('adoptedStyleSheets' in root)) {
    // Older engines: a pinned file beside this script; a style element would break a strict policy.
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = new URL(`${name}.css`, import.meta.url).href;
    (root as ShadowRoot).appendChild(link);
    return;
  }
  root.adoptedStyleSheets = texts.map((text) => {
    let sheet = sheets.get(text);
    if (!sheet) {
      sheets.set(text, (sheet = new CSSStyleSheet()));
      sheet.replaceSync(text);
    }
    return sheet;
  });
}
