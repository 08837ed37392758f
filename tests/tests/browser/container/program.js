// Runs a mini-program's own modules: its pages one upon the other, the web view as a frame. `FILES` has
// the text of each file by its path.
(() => {
  const modules = new Map();
  const pages = new Map();
  const stack = [];
  let loading = '';

  function load(path) {
    if (modules.has(path)) return modules.get(path).exports;
    const module = { exports: {} };
    modules.set(path, module);
    const require = (name) => load(new URL(name, `http://program/${path}`).pathname.slice(1));
    const names = ['require', 'module', 'exports', 'wx', 'Page', 'App'];
    const run = new Function(...names, FILES[path]);
    const page = (definition) => pages.set(path.replace(/\.js$/, ''), definition);
    run(require, module, module.exports, wx, page, () => {});
    return module.exports;
  }

  const wx = {
    login: async () => ({ code: `code-${++native.logins}` }),
    request({ method, url, data, header, success, fail }) {
      const body = method === 'GET' ? undefined : JSON.stringify(data);
      fetch(url, { method, headers: header, body }).then(
        async (answer) => success({ statusCode: answer.status, data: await answer.json() }),
        fail,
      );
    },
    navigateTo: (to) => native.navigateTo(to),
    navigateBack: () => native.navigateBack(),
  };

  function show(page) {
    const section = page.section;
    section.textContent = JSON.stringify(page.data);
    const src = page.data.src;
    if (!src) return;
    const frame = page.frame || document.createElement('iframe');
    const [before, now] = [page.shown || '', src].map((url) => url.split('#')[0]);
    // A web view whose address changes after the # alone stays where it is.
    if (page.frame && before === now) frame.contentWindow.location.hash = src.split('#')[1];
    else frame.src = src;
    page.frame = frame;
    page.shown = src;
    if (!frame.isConnected) document.body.append(frame);
  }

  window.native = {
    logins: 0,
    /** Every list of messages, as the native page got it. */
    heard: [],
    top: () => stack[stack.length - 1],
    navigateTo({ url }) {
      const at = new URL(url, 'http://program/');
      const path = at.pathname.slice(1);
      load(`${path}.js`);
      const page = Object.create(pages.get(path));
      page.data = { ...page.data };
      page.section = document.createElement('section');
      page.section.dataset.page = path;
      page.setData = (more) => {
        Object.assign(page.data, more);
        if (stack.includes(page)) show(page);
      };
      native.top()?.onHide?.();
      stack.push(page);
      document.body.append(page.section);
      // As they stand in the address: still encoded.
      const given = at.search.slice(1).split('&').map((pair) => pair.split('='));
      page.onLoad?.(Object.fromEntries(given));
      page.onShow?.();
    },
    navigateBack() {
      const page = stack.pop();
      page.onUnload?.();
      page.frame?.remove();
      page.section.remove();
      native.top()?.onShow?.();
    },
    hear(messages) {
      native.heard.push(messages);
      stack.filter((page) => page.frame).forEach((page) => page.said?.({ detail: { data: messages } }));
    },
  };

  load('app.js');
  native.navigateTo({ url: `/${JSON.parse(FILES['app.json']).pages[0]}` });
})();
